import { PickleRefusal } from './pickle-refusal.ts'

/** The type of an array's items: `f8` and the like. */
export class NumpyType {
  readonly code: string
  isLittleEndian = true

  constructor(code: string) {
    if (!/^(?:[iu][1248]|f[248]|b1)$/.test(code))
      throw new PickleRefusal('the array holds something other than plain numbers')
    this.code = code
  }

  /** The size of an item, in bytes. */
  get bytes(): number {
    return Number(this.code.slice(1))
  }
}

/** An array of numpy, as a pickle builds it. */
export class NumpyArray {
  shape: readonly number[] = [0]
  type: NumpyType | undefined
  /** The first index varies fastest. */
  isFortran = false
  data: Uint8Array | undefined

  /** Fills it in. @throws {@link PickleRefusal} when its parts do not fit each other. */
  fill(shape: unknown, type: unknown, isFortran: boolean, data: unknown): this {
    if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
      throw new PickleRefusal('the shape of the array is not a tuple of sizes')
    if (!(type instanceof NumpyType)) throw new PickleRefusal('the array has no type')
    if (!(data instanceof Uint8Array)) throw new PickleRefusal('the array has no bytes')
    const items = (shape as number[]).reduce((product, size) => product * size, 1)
    if (items * type.bytes !== data.byteLength)
      throw new PickleRefusal('the shape of the array does not match its bytes')
    Object.assign(this, { shape, type, isFortran, data })
    return this
  }
}
