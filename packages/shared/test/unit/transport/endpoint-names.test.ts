import { describe, expect, test } from '@jest/globals'
import { EndpointNames } from '../../../src/transport/endpoint-names.ts'

describe('EndpointNames', () => {
  test('an address belongs to the endpoint that was last connected there', () => {
    const names = new EndpointNames()
    names.add('tcp://10.0.0.1:1', 'tcp://left:1')
    names.add('tcp://10.0.0.2:1', 'tcp://right:1')
    names.add('ipc:///tmp/x', 'ipc:///tmp/x')
    expect(names.find('tcp://10.0.0.1:1')).toBe('tcp://left:1')
    expect(names.find('tcp://10.0.0.2:1')).toBe('tcp://right:1')
    expect(names.find('ipc:///tmp/x')).toBe('ipc:///tmp/x')
    names.add('tcp://10.0.0.1:1', 'tcp://right:1')
    expect(names.find('tcp://10.0.0.1:1')).toBe('tcp://right:1')
  })

  test('an address of which nothing is known, such as one that is listened on, stands for itself', () => {
    const names = new EndpointNames()
    names.add('tcp://10.0.0.1:1', 'tcp://pi:1')
    for (const address of ['tcp://10.0.0.1:2', 'tcp://0.0.0.0:1', 'ipc://@x', '']) {
      expect(names.find(address)).toBe(address)
    }
  })

  test.each([
    ['tcp://[0:0:0:0:0:0:0:1]:1', 'tcp://[::1]:1'],
    ['tcp://[::FFFF:127.0.0.1]:1', 'tcp://[::ffff:7f00:1]:1'],
    ['tcp://[fe80::1%eth0]:1', 'tcp://[fe80::1%2]:1'],
  ])('%s is found as %s', (given, told) => {
    const names = new EndpointNames()
    names.add(given, given)
    expect(names.find(told)).toBe(given)
  })
})
