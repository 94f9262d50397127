import { invalid } from '@zcast/shared'
import { msgpack, refuseMsgpack } from '@zcast/shared/internal'
import { MAX_NUMBERS } from '../max-numbers.ts'
import { ownKeys } from '../own-keys.ts'
import { packFloat, packFloats, packHead } from './pack-floats.ts'
import { keysOf, rowsOfBlock } from './sample-rows.ts'
import type { Notation } from './samples-codec.ts'

const LIMITS = { what: 'the value', maxDepth: 17, maxValues: 2 * MAX_NUMBERS }

// Records and 64-bit BigInts are extensions that other msgpack libraries do not read.
const OPTIONS = { useRecords: false, int64AsType: 'number' } as const

let packer: InstanceType<ReturnType<typeof msgpack>['Packr']> | undefined
let unpacker: InstanceType<ReturnType<typeof msgpack>['Unpackr']> | undefined

/** msgpack, as `msgpack.packb` writes it. */
export const MSGPACK_NOTATION: Notation = {
  name: 'msgpack',

  write(envelope, block, labels) {
    const keys = keysOf(labels.names)
    const packr = (packer ??= new (msgpack().Packr)(OPTIONS))
    const pack = (value: unknown): Uint8Array => Uint8Array.from(packr.pack(value))
    const samples = rowsOfBlock(block).map(({ time, seq, values }) => {
      const { time: _, ...own } = ownKeys({ ...envelope, block: { ...block, seq, time } })
      const rest = keys ? own : { ...own, ...labels }
      const pairs = [...Object.entries(rest).flat().map(pack), pack('time'), packFloat(time)]
      if (keys)
        for (const [column, name] of keys.entries())
          pairs.push(pack(name), packFloat(values[column] as number))
      else pairs.push(pack('values'), packFloats(values))
      return Buffer.concat([packHead('map', pairs.length / 2), ...pairs])
    })
    return samples.length === 1
      ? (samples[0] as Uint8Array)
      : Buffer.concat([packHead('array', samples.length), ...samples])
  },

  read(payload) {
    const refusal = refuseMsgpack(payload, LIMITS)
    if (refusal !== undefined) return invalid(refusal)
    unpacker ??= new (msgpack().Unpackr)(OPTIONS)
    return { value: unpacker.unpack(payload) as unknown }
  },
}
