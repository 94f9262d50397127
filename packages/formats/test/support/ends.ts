import { afterEach } from '@jest/globals'
import { Publisher } from '@zcast/publisher'
import type { SocketOptions } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { findFormat } from '../../src/format-table.ts'

const ANY = 'tcp://127.0.0.1:*'

interface Endpoints {
  readonly bind?: string
  readonly connect?: readonly string[]
}

/** Opens both ends of streams in a format, and closes them after each test. */
export function useEnds() {
  const ends: { close(): Promise<void> }[] = []
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end.close()))
  })
  const keep = <End extends { close(): Promise<void> }>(end: End): End => {
    ends.push(end)
    return end
  }
  const endpointsOf = ({ bind, connect = [] }: Endpoints) => ({
    bind: bind === undefined ? [] : [bind],
    connect,
  })
  return {
    /** A subscriber to every stream of a kind. */
    subscribe: async (name: string, kind: 'numbers' | 'video', at: Endpoints = { bind: ANY }) => {
      const format = findFormat(name)
      const endpoints = endpointsOf(at)
      const transport = await format.openTransport('subscriber', endpoints)
      const codec = format.openCodec()
      return keep(
        await Subscriber.open({ ...endpoints, topics: [`${kind}/`], transport, codec, delivery: 'all' }),
      )
    },
    publish: async (name: string, at: Endpoints, options: Pick<SocketOptions, 'heartbeatMs'> = {}) => {
      const format = findFormat(name)
      const endpoints = endpointsOf(at)
      const transport = await format.openTransport('publisher', endpoints)
      const codec = format.openCodec()
      return keep(
        await Publisher.open({ ...endpoints, ...options, transport, codec, batch: false, pictureTopics: 1 }),
      )
    },
  }
}
