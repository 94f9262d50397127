import { ByteReader } from './byte-reader.ts'
import { Global, toText } from './known-globals.ts'
import { NumpyArray, NumpyType } from './numpy-array.ts'
import { PickleRefusal } from './pickle-refusal.ts'

/** The array of numpy takes 21 of each. */
const MAX_MEMO = 256
const MAX_STACK = 256
const MAX_STEPS = 4096

const MARK = Symbol('mark')

/**
 * Reads an untrusted pickle that holds one array of numpy, protocols 2 to 5. Nothing of Python is run: what the pickle
 * may name is looked up in a list of six, and what it may do with them is written down here.
 *
 * @returns The array, or the reason in one clause.
 */
export function readPickle(bytes: Uint8Array): NumpyArray | string {
  try {
    return new PickleMachine(bytes).run()
  } catch (error) {
    if (error instanceof PickleRefusal) return error.reason
    throw error
  }
}

type Step = (machine: PickleMachine) => void

const pushed =
  (read: (reader: ByteReader) => unknown): Step =>
  (machine) =>
    machine.push(read(machine.reader))

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** The instructions of Python's `pickle` that an array needs, by their bytes. */
const STEPS: Readonly<Record<number, Step>> = {
  0x28: (machine) => machine.push(MARK),
  0x29: (machine) => machine.push([]), // EMPTY_TUPLE
  0x42: pushed((reader) => reader.take(reader.uint(4))), // BINBYTES
  0x43: pushed((reader) => reader.take(reader.uint(1))), // SHORT_BINBYTES
  0x4a: pushed((reader) => reader.int()), // BININT
  0x4b: pushed((reader) => reader.uint(1)), // BININT1
  0x4d: pushed((reader) => reader.uint(2)), // BININT2
  0x4e: (machine) => machine.push(null), // NONE
  0x52: (machine) => machine.reduce(),
  0x54: pushed((reader) => reader.take(reader.uint(4))), // BINSTRING
  0x55: pushed((reader) => reader.take(reader.uint(1))), // SHORT_BINSTRING
  0x58: pushed((reader) => text(reader.take(reader.uint(4)))), // BINUNICODE
  0x62: (machine) => machine.build(),
  0x63: pushed((reader) => new Global(reader.line(), reader.line())), // GLOBAL
  0x68: (machine) => machine.recall(machine.reader.uint(1)), // BINGET
  0x6a: (machine) => machine.recall(machine.reader.uint(4)), // LONG_BINGET
  0x71: (machine) => machine.remember(machine.reader.uint(1)), // BINPUT
  0x72: (machine) => machine.remember(machine.reader.uint(4)), // LONG_BINPUT
  0x74: (machine) => machine.tuple(), // TUPLE
  0x85: (machine) => machine.push([machine.pop()]), // TUPLE1
  0x86: (machine) => machine.tupleOf(2),
  0x87: (machine) => machine.tupleOf(3),
  0x88: (machine) => machine.push(true),
  0x89: (machine) => machine.push(false),
  0x8a: pushed((reader) => toInteger(reader.take(reader.uint(1)))), // LONG1
  0x8c: pushed((reader) => text(reader.take(reader.uint(1)))), // SHORT_BINUNICODE
  0x8d: pushed((reader) => text(reader.take(reader.length()))), // BINUNICODE8
  0x8e: pushed((reader) => reader.take(reader.length())), // BINBYTES8
  0x93: (machine) => machine.global(), // STACK_GLOBAL
  0x94: (machine) => machine.remember(machine.memoSize), // MEMOIZE
  0x95: ({ reader }) => void reader.length(), // FRAME
  0x96: pushed((reader) => reader.take(reader.length())), // BYTEARRAY8
}

const PROTO = 0x80
const STOP = 0x2e

class PickleMachine {
  readonly reader: ByteReader
  readonly #stack: unknown[] = []
  readonly #memo = new Map<number, unknown>()

  constructor(bytes: Uint8Array) {
    this.reader = new ByteReader(bytes)
  }

  get memoSize(): number {
    return this.#memo.size
  }

  run(): NumpyArray {
    if (this.reader.uint(1) !== PROTO) throw new PickleRefusal('the message is not a pickle')
    const protocol = this.reader.uint(1)
    if (protocol < 2 || protocol > 5) throw new PickleRefusal('the pickle has none of the protocols 2 to 5')
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const code = this.reader.uint(1)
      if (code === STOP) return this.#result()
      const step = STEPS[code]
      if (!step) throw new PickleRefusal('the pickle is not that of an array of numpy')
      step(this)
    }
    throw new PickleRefusal('the pickle has too many steps')
  }

  push(value: unknown): void {
    if (this.#stack.length >= MAX_STACK) throw new PickleRefusal('the pickle needs too much of a stack')
    this.#stack.push(value)
  }

  pop(): unknown {
    const value = this.#stack.pop()
    if (value === undefined || value === MARK) throw new PickleRefusal('the pickle takes more than there is')
    return value
  }

  /** Replaces what is above the last mark by a tuple of it. */
  tuple(): void {
    const mark = this.#stack.lastIndexOf(MARK)
    if (mark === -1) throw new PickleRefusal('the pickle takes more than there is')
    const items = this.#stack.splice(mark).slice(1)
    this.push(items)
  }

  tupleOf(count: number): void {
    const items: unknown[] = []
    for (let index = 0; index < count; index++) items.unshift(this.pop())
    this.push(items)
  }

  remember(index: number): void {
    if (index >= MAX_MEMO) throw new PickleRefusal('the pickle remembers too much')
    const value = this.pop()
    this.#memo.set(index, value)
    this.push(value)
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw new PickleRefusal('the pickle recalls what it has not remembered')
    this.push(this.#memo.get(index))
  }

  global(): void {
    const name = toText(this.pop()) ?? ''
    const module = toText(this.pop()) ?? ''
    this.push(new Global(module, name))
  }

  reduce(): void {
    const given = this.pop()
    const called = this.pop()
    if (!(called instanceof Global) || !Array.isArray(given))
      throw new PickleRefusal('the pickle builds something other than an array of numpy')
    this.push(called.apply(given))
  }

  /** Fills in what was made: `(version, shape, type, is_fortran, bytes)`, or `(version, order, None, ...)` of a type. */
  build(): void {
    const state = this.pop()
    const target = this.pop()
    if (!Array.isArray(state))
      throw new PickleRefusal('the pickle builds something other than an array of numpy')
    if (target instanceof NumpyArray) target.fill(state[1], state[2], state[3] === true, state[4])
    else if (target instanceof NumpyType) target.isLittleEndian = isLittle(state)
    else throw new PickleRefusal('the pickle builds something other than an array of numpy')
    this.push(target)
  }

  #result(): NumpyArray {
    const array = this.pop()
    if (this.#stack.length > 0 || !this.reader.isAtEnd)
      throw new PickleRefusal('the pickle holds more than an array')
    if (!(array instanceof NumpyArray) || !array.data)
      throw new PickleRefusal('the pickle is not that of an array of numpy')
    return array
  }
}

function isLittle(state: readonly unknown[]): boolean {
  const [, order, ...fields] = state
  // Subarrays, names and fields.
  if (fields.slice(0, 3).some((field) => field !== null))
    throw new PickleRefusal('the array holds something other than plain numbers')
  const sign = toText(order)
  if (sign !== '<' && sign !== '>' && sign !== '|' && sign !== '=')
    throw new PickleRefusal('the array has an unknown order of bytes')
  return sign !== '>'
}

/** A whole number of a few bytes, little-endian. */
function toInteger(bytes: Uint8Array): number {
  if (bytes.length > 8) throw new PickleRefusal('the pickle has a number of too many bytes')
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index--)
    value = value * 256n + BigInt(bytes[index] as number)
  const isNegative = ((bytes.at(-1) ?? 0) & 0x80) !== 0
  return Number(isNegative ? value - 256n ** BigInt(bytes.length) : value)
}
