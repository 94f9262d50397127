import { type Log, openTransport, type Transport } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import type { LiveSource } from './parse-live-source.ts'
import type { LiveReel } from './reel.ts'

/** Opens the transport of a live stream. */
export type OpenLiveTransport = (endpoints: readonly string[]) => Promise<Transport>

/** A live stream, ready to be put on air: its pictures and sound are passed on as they are. */
export function openLive(
  id: string,
  { name, connect, stream }: LiveSource,
  log: Log,
  open: OpenLiveTransport = openTransport,
): LiveReel {
  return {
    kind: 'live',
    id,
    name,
    seconds: undefined,
    open: async (kind) =>
      Subscriber.open({ connect, topics: [`${kind}/${stream}`], transport: await open(connect), log }),
  }
}
