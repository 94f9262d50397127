import type { Random } from '../support/random.ts'

const TELLING_BYTES = [
  0x00, 0x01, 0x7f, 0x80, 0x8f, 0x9f, 0xc1, 0xc7, 0xcf, 0xd3, 0xd9, 0xdb, 0xdd, 0xdf, 0xfe, 0xff,
]

type Mutation = (part: Buffer, random: Random) => Buffer

/** What is done to one part. */
const PART_MUTATIONS: readonly Mutation[] = [
  (part, random) => changeByte(part, random, (byte) => byte ^ (1 << random.below(8))),
  (part, random) => changeByte(part, random, () => random.below(256)),
  (part, random) => changeByte(part, random, () => random.pick(TELLING_BYTES)),
  (part, random) => part.subarray(0, random.below(part.length + 1)),
  (part, random) => part.subarray(random.below(part.length + 1)),
  (part, random) => Buffer.concat([part, random.bytes(1 + random.below(64))]),
  (part, random) => splice(part, random, 0, random.bytes(1 + random.below(8))),
  (part, random) => splice(part, random, 1 + random.below(8), Buffer.alloc(0)),
  (part, random) => splice(part, random, 4, Buffer.alloc(4, 0xff)),
  (part, random) => random.bytes(Math.min(part.length, 4096)),
  (part) => Buffer.concat([part, part]),
]

/** A message with up to four things done to it: to the bytes of its parts, or to the parts as they are. */
export function mutate(message: readonly Buffer[], random: Random): readonly Buffer[] {
  const parts = [...message]
  for (let left = 1 + random.below(4); left > 0; left--) {
    const index = random.below(parts.length)
    const part = parts[index]
    // The header decides most, so that is where most is done.
    if (part && random.chance(0.85)) {
      const target = random.chance(0.6) && parts.length > 1 ? 1 : index
      parts[target] = random.pick(PART_MUTATIONS)(parts[target] ?? part, random)
    } else if (part && random.chance(0.4)) parts.splice(index, 0, part)
    else if (parts.length > 1 && random.chance(0.5)) parts.splice(index, 1)
    else parts.push(random.bytes(random.below(64)))
  }
  return parts
}

function changeByte(part: Buffer, random: Random, change: (byte: number) => number): Buffer {
  const changed = Buffer.from(part)
  const at = random.below(Math.max(1, part.length))
  if (at < changed.length) changed[at] = change(changed[at] ?? 0)
  return changed
}

function splice(part: Buffer, random: Random, remove: number, insert: Buffer): Buffer {
  const at = random.below(part.length + 1)
  return Buffer.concat([part.subarray(0, at), insert, part.subarray(at + remove)])
}
