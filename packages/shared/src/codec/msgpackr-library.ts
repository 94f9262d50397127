import { createRequire } from 'node:module'
import type * as msgpackr from 'msgpackr'

let library: typeof msgpackr | undefined

/** msgpackr, loaded with the first codec: a program that imports zcast starts without it. */
export function msgpack(): typeof msgpackr {
  return (library ??= createRequire(import.meta.url)('msgpackr') as typeof msgpackr)
}
