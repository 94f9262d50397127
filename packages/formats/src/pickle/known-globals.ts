import { NumpyArray, NumpyType } from './numpy-array.ts'
import { PickleRefusal } from './pickle-refusal.ts'

/** What a pickle may name: the few functions with which numpy rebuilds an array, done here without running any. */
export type KnownGlobal = 'ndarray' | 'dtype' | '_reconstruct' | '_frombuffer' | 'encode' | 'bytes'

const GLOBALS: Readonly<Record<string, KnownGlobal>> = {
  'numpy.ndarray': 'ndarray',
  'numpy.dtype': 'dtype',
  'numpy.core.multiarray._reconstruct': '_reconstruct',
  'numpy._core.multiarray._reconstruct': '_reconstruct',
  // Protocol 5.
  'numpy.core.numeric._frombuffer': '_frombuffer',
  'numpy._core.numeric._frombuffer': '_frombuffer',
  // Protocol 2 has no bytes: it writes them as text that is encoded again.
  '_codecs.encode': 'encode',
  '__builtin__.bytes': 'bytes',
}

/** A name that a pickle pushes onto its stack. */
export class Global {
  readonly name: KnownGlobal

  /** @throws {@link PickleRefusal} naming what is not one of numpy's. */
  constructor(module: string, name: string) {
    const path = `${module}.${name}`
    const known = Object.hasOwn(GLOBALS, path) ? GLOBALS[path] : undefined
    if (known === undefined)
      throw new PickleRefusal(`the pickle asks for ${shown(path)}, and only arrays of numpy are read`)
    this.name = known
  }

  /** What calling it with these arguments gives. Nothing is run. @throws {@link PickleRefusal} for any other use. */
  apply(given: readonly unknown[]): unknown {
    const [first, second, third, fourth] = given
    switch (this.name) {
      case '_reconstruct':
        if (first instanceof Global && first.name === 'ndarray') return new NumpyArray()
        break
      case 'dtype':
        if (given.length <= 3) return new NumpyType(toText(first) ?? '')
        break
      case '_frombuffer':
        if (fourth !== 'C' && fourth !== 'F') break
        return new NumpyArray().fill(third, second, fourth === 'F', first)
      case 'encode':
        if (typeof first === 'string' && (second === 'latin1' || second === 'latin-1'))
          return new Uint8Array(Buffer.from(first, 'latin1'))
        break
      case 'bytes':
        if (given.length === 0) return new Uint8Array()
        break
      case 'ndarray':
        break
    }
    throw new PickleRefusal('the pickle builds something other than an array of numpy')
  }
}

/** Python 2 wrote texts as bytes. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array && value.length <= 64 ? Buffer.from(value).toString('latin1') : undefined
}

/** An untrusted name, for a sentence. */
function shown(path: string): string {
  return JSON.stringify(path.length > 80 ? `${path.slice(0, 80)}…` : path)
}
