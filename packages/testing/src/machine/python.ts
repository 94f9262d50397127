import { spawnSync } from 'node:child_process'
import { describe } from '@jest/globals'

const CANDIDATES = ['python3', '/usr/bin/python3']

/** A Python for the tests of a file. */
export interface TestPython {
  /** Its path; `undefined` when no Python has the modules. */
  readonly path: string | undefined
  /** `describe` when there is such a Python; otherwise its tests are skipped, with the reason printed. */
  readonly describe: typeof describe.skip
}

/** Looks for a Python that has some modules, such as `zmq, msgpack`. */
export function findPython(modules: string): TestPython {
  const path = CANDIDATES.find(
    (candidate) => spawnSync(candidate, ['-c', `import ${modules}`], { stdio: 'ignore' }).status === 0,
  )
  if (path === undefined)
    console.log(`tests with Python are skipped: none of ${CANDIDATES.join(', ')} has ${modules}`)
  return { path, describe: path === undefined ? describe.skip : describe }
}
