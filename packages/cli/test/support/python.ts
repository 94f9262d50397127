import { spawnSync } from 'node:child_process'
import { describe } from '@jest/globals'

const CANDIDATES = ['python3', '/usr/bin/python3']

/** A Python that has PyZMQ and msgpack; `undefined` when the machine has none. */
export const PYTHON = CANDIDATES.find(
  (path) => spawnSync(path, ['-c', 'import zmq, msgpack'], { stdio: 'ignore' }).status === 0,
)

/** `describe` where there is such a Python; elsewhere its tests are skipped, and the reason is printed. */
export const describeWithPython: typeof describe.skip = PYTHON === undefined ? describe.skip : describe

if (PYTHON === undefined) {
  console.log(`tests with Python are skipped: none of ${CANDIDATES.join(', ')} has zmq and msgpack`)
}
