import type { Random } from '../support/random.ts'

/** A message that is known to be bad, whoever judges it. */
export type HostileMessage = (message: readonly Buffer[], random: Random) => readonly Buffer[]

const MIB = 1024 * 1024
const map = (...entries: Buffer[]): Buffer => Buffer.concat([Buffer.of(0x80 + entries.length), ...entries])
const key = (name: string): Buffer => Buffer.concat([Buffer.of(0xa0 + name.length), Buffer.from(name)])

/** Ways to break a good message, cheap ones: each result is invalid. */
export const HOSTILE_MESSAGES: readonly HostileMessage[] = [
  ([topic]) => [topic as Buffer],
  ([topic], random) => [topic as Buffer, random.bytes(random.below(300))],
  ([topic]) => [topic as Buffer, Buffer.alloc(0)],
  (message) => [...message, Buffer.alloc(0), Buffer.alloc(0)],
  (message, random) => [...message, ...Array.from({ length: 2 + random.below(2000) }, () => Buffer.of(1))],
  // A topic that begins as the one asked for, and breaks the rules.
  ([topic, ...rest]) => [Buffer.concat([topic as Buffer, Buffer.from(' \u0000\n')]), ...rest],
  ([topic, ...rest]) => [Buffer.concat([topic as Buffer, Buffer.alloc(MIB, 0x61)]), ...rest],
  // Arrays in arrays in arrays: deeper than any stack.
  ([topic, , ...rest]) => [
    topic as Buffer,
    map(Buffer.concat([key('v'), Buffer.alloc(60_000, 0x91)])),
    ...rest,
  ],
  // Lengths that promise 4 GiB.
  ...[0xc6, 0xdb, 0xdd, 0xdf].map((type): HostileMessage => ([topic]) => [
    topic as Buffer,
    map(Buffer.concat([key('values'), Buffer.of(type, 255, 255, 255, 255)])),
  ]),
  // Extension types: a timestamp, and one of msgpackr's own.
  ([topic]) => [topic as Buffer, map(Buffer.concat([key('v'), Buffer.of(0xd6, 0xff, 0, 0, 0, 0)]))],
  ([topic]) => [topic as Buffer, map(Buffer.concat([key('v'), Buffer.of(0xd4, 0x72, 0x40)]))],
  ([topic]) => [topic as Buffer, Buffer.alloc(65_537, 0x80)],
  // Names that mean something to JavaScript.
  ([topic]) => [
    topic as Buffer,
    map(Buffer.concat([key('__proto__'), map(Buffer.concat([key('v'), Buffer.of(1)]))])),
  ],
]

/** The same, large ones: up to the most that ZeroMQ lets through. */
export const LARGE_HOSTILE_MESSAGES: readonly HostileMessage[] = [
  ([topic, , ...rest]) => [topic as Buffer, Buffer.alloc(8 * MIB, 0xdf), ...rest],
  ([topic, header]) => [topic as Buffer, header as Buffer, Buffer.alloc(16 * MIB - 1, 0xff)],
  (message) => [...message, Buffer.alloc(MIB), Buffer.alloc(4 * MIB)],
]
