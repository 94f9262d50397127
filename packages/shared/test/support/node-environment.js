import { TestEnvironment } from 'jest-environment-node'

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
