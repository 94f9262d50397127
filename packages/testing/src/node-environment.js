import { TestEnvironment } from 'jest-environment-node'

// ZeroMQ's native part is shared by all test files of a process, and on its prototype is a getter that requires a module
// when it is used. The first one to load it has that getter for good: a test file's `require` would end with the file.
await import('zeromq')

// The sender silences this warning of zeromq.js, which does not hold for what it sets (shared's quiet-options.ts); but
// the `process` of a test file is a copy, and the native part warns through the worker's own.
const emitWarning = process.emitWarning.bind(process)
process.emitWarning = (warning, ...more) => {
  if (warning !== 'Socket option will not take effect until next connect/bind.') emitWarning(warning, ...more)
}

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
