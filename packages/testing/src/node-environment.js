import { TestEnvironment } from 'jest-environment-node'

// ZeroMQ's native part is shared by all test files of a process, and on its prototype is a getter that requires a module
// when it is used. The first one to load it has that getter for good: a test file's `require` would end with the file.
await import('zeromq')

/**
 * Node's test environment with the host's typed arrays: native addons return the host's, and a sandbox copy
 * of the constructors would make `instanceof` and deep equality fail on them.
 */
export default class HostTypedArraysEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context)
    const names = [
      'ArrayBuffer',
      'SharedArrayBuffer',
      'DataView',
      'Uint8Array',
      'Uint8ClampedArray',
      'Uint16Array',
    ]
    names.push('Uint32Array', 'Int8Array', 'Int16Array', 'Int32Array', 'Float32Array', 'Float64Array')
    names.push('BigInt64Array', 'BigUint64Array')
    for (const name of names) this.global[name] = globalThis[name]
  }
}
