import type { Envelope } from '@zcast/shared'

/** What the header of a foreign message says of its place in a stream, as far as it can be believed. */
export type Placement = Pick<Envelope, 'epoch' | 'retained' | 'arrivalTime'> & {
  readonly seq?: number | undefined
  readonly time: number
}

/** An object of an untrusted message. */
export type Fields = Readonly<Record<string, unknown>>

/** The keys that zcast adds where other programs ignore further keys, so that its own readers can count losses. */
export function ownKeys({ epoch, retained, block }: Envelope): Record<string, unknown> {
  const { seq, time } = block
  return {
    ...(epoch !== undefined && seq !== undefined && { seq, epoch }),
    time,
    ...(retained && { retained }),
  }
}

/** Reads those keys; without them the time is that of the arrival, and there is no number. */
export function readOwnKeys({ seq, epoch, time, retained }: Fields): Placement {
  if (!isUint(seq) || !isUint(epoch) || epoch > 0xff_ff_ff_ff || !Number.isFinite(time))
    return { time: Date.now() / 1000, arrivalTime: true }
  return { seq, epoch, time: time as number, ...(retained === true && { retained }) }
}

function isUint(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Puts a block into the envelope of its place. */
export function place(topic: string, { seq, time, ...place }: Placement, block: object): Envelope {
  return { topic, ...place, block: { ...block, seq, time } as Envelope['block'] }
}
