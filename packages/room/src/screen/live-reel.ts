import type { Log } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import type { LiveSource } from './parse-live-source.ts'
import type { LiveReel } from './reel.ts'

/** A live stream, ready to be put on air: its pictures and sound are passed on as they are. */
export function openLive(id: string, { name, connect, stream }: LiveSource, log: Log): LiveReel {
  return {
    kind: 'live',
    id,
    name,
    seconds: undefined,
    open: (kind) => Subscriber.open({ connect, topics: [`${kind}/${stream}`], log }),
  }
}
