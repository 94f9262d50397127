import type { NetworkReading } from '@zcast/shared'

/** What the network carries, in few words: `the network carries 4 of 30 a second`. */
export function describeNetwork({ wanted, carried }: NetworkReading): string {
  return `the network carries ${short(carried)} of ${short(wanted)} a second`
}

/** The same as a sentence that says what to do. */
export function adviseOnNetwork(topic: string, { wanted, carried }: NetworkReading): string {
  return `the network carries ${short(carried)} of ${short(wanted)} pictures a second of ${topic}: send smaller ones (--width, --rendition, --fps)`
}

function short(rate: number): string {
  return rate.toFixed(rate < 1 ? 1 : 0)
}
