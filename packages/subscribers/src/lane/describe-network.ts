import type { NetworkReading } from '@zcast/shared'

/** Describes the capacity of the network in few words: `the network carries 4 of 30 a second`. */
export function describeNetwork({ wanted, carried }: NetworkReading): string {
  return `the network carries ${short(carried)} of ${short(wanted)} a second`
}

/** The same as a sentence with advice. */
export function adviseOnNetwork(topic: string, reading: NetworkReading): string {
  return `${describePictures(topic, reading)}: send smaller ones (--width, --rendition, --fps)`
}

/** The same when a smaller rendition was chosen because of it. */
export function tellRendition(topic: string, rendition: string, reading: NetworkReading): string {
  return `${describePictures(topic, reading)}: ${rendition} is shown until it carries more`
}

function describePictures(topic: string, { wanted, carried }: NetworkReading): string {
  return `the network carries ${short(carried)} of ${short(wanted)} pictures a second of ${topic}`
}

function short(rate: number): string {
  return rate.toFixed(rate < 1 ? 1 : 0)
}
