import { describe, expect, test } from '@jest/globals'
import type { IncomingMessage } from 'node:http'
import type { Guest } from '../../../src/people/guest.ts'
import { RunningUploads } from '../../../src/uploads/running-uploads.ts'

describe('running uploads', () => {
  test('of several requests that wait for the same upload one runs at a time', async () => {
    const running = new RunningUploads()
    let [atOnce, most] = [0, 0]
    const send = (): Promise<void> => {
      let stop = (): void => undefined
      const request = { destroy: () => stop() } as unknown as IncomingMessage
      return running.run('upload', { guest: {} as Guest, request }, async () => {
        atOnce += 1
        most = Math.max(most, atOnce)
        await new Promise<void>((resolve) => {
          stop = resolve
          setImmediate(resolve)
        })
        atOnce -= 1
      })
    }
    const first = send()
    await Promise.all([first, send(), send(), send()])
    expect(most).toBe(1)
  })
})
