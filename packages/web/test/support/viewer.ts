import { type Log, type NoticeBoard, Statistics, wallClock } from '@zcast/shared'
import sharp from 'sharp'
import { Recorder } from '@zcast/testing/waiting/recorder'
import type { SubscriberState } from '@zcast/subscribers'
import { WebSink, type WebSinkOptions } from '../../src/viewer/web-sink.ts'

/** A colour as red, green and blue. */
export type Colour = readonly [number, number, number]

/** A {@link WebSink} with everything around it that a subscriber would give it. */
export interface Viewer {
  readonly sink: WebSink
  readonly address: string
  readonly statistics: Statistics
  /** What the sink did with its subscription: `pause` or `resume` for each change. */
  readonly pauses: Recorder<string>
  /** Changes the subscriber's state. */
  setState(state: SubscriberState): void
  /** Delivers a picture, as a subscriber does. @returns Its sequence number. */
  show(jpeg: Uint8Array, topic?: string, retained?: boolean): number
}

const opened: WebSink[] = []

/** Opens a viewer on a free port; `told` is what its process tells it. */
export async function openViewer(
  options: Partial<WebSinkOptions> = {},
  told: { readonly notices?: NoticeBoard; readonly log?: Log } = {},
): Promise<Viewer> {
  const statistics = new Statistics()
  let state: SubscriberState = 'live'
  let seq = 0
  const sink = new WebSink({ title: 'Client 1', port: 0, ...options })
  opened.push(sink)
  const pauses = new Recorder<string>()
  let idle = false
  const turn = (change: string, next: boolean): void => {
    if (idle !== next) pauses.add(change)
    idle = next
  }
  const subscription = { pause: () => turn('pause', true), resume: () => turn('resume', false) }
  await sink.open({ statistics, state: () => (idle ? 'idle' : state), subscription, ...told })
  const show = (jpeg: Uint8Array, topic = 'video/main', retained = false): number => {
    const time = wallClock()
    const block = { kind: 'video', seq, time, width: 64, height: 48, format: 'jpeg', data: jpeg } as const
    const accounts = statistics.topic(topic)
    accounts.sequence.accept(1, seq, 1)
    accounts.recordSize(block)
    statistics.recordDelivery(accounts, 1, 1, performance.now())
    sink.write({ topic, epoch: 1, retained, block })
    seq += 1
    return seq - 1
  }
  return { sink, address: sink.address, statistics, pauses, setState: (next) => (state = next), show }
}

/** Closes every viewer that was opened; for `afterEach`. */
export async function closeViewers(): Promise<void> {
  await Promise.all(opened.splice(0).map((sink) => sink.close()))
}

/** Resolves once somebody reads `/stream.mjpg`. */
export async function untilStreamIsRead({ address }: Viewer): Promise<void> {
  for (;;) {
    const stats = await (await fetch(`${address}/stats.json`)).json()
    if ((stats as { clients: { mjpeg: number } }).clients.mjpeg > 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A picture of one colour, in the best quality. */
export async function paint([r, g, b]: Colour, width = 64, height = 48): Promise<Uint8Array> {
  const background = { r, g, b }
  const image = sharp({ create: { width, height, channels: 3, background } })
  return image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
}
