import type { LinkSpeed } from './link.ts'

/** A network and what it is to be judged by. */
export interface Case extends LinkSpeed {
  readonly name: string
  readonly pictureBytes: number
  /** Most milliseconds. */
  readonly p50: number
  readonly worst?: number
  /** Least share of the pictures that the network carries, in percent. */
  readonly carried: number
}

/** What must hold. */
export const CASES: readonly Case[] = [
  { name: '300 kB/s', bytesASecond: 300e3, pictureBytes: 70e3, p50: 500, worst: 900, carried: 90 },
  { name: '1.25 MB/s', bytesASecond: 1.25e6, pictureBytes: 70e3, p50: 200, worst: 400, carried: 90 },
  {
    name: '4 MB/s, 100 ms there and back',
    bytesASecond: 4e6,
    roundTripMs: 100,
    pictureBytes: 150e3,
    p50: 350,
    carried: 80,
  },
]
