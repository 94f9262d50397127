import { describe, expect, test } from '@jest/globals'
import { EndpointNames } from '../../../src/transport/endpoint-names.ts'

const nothing = (): boolean => false

describe('EndpointNames', () => {
  test('an endpoint is found as it was given', () => {
    const names = new EndpointNames(['tcp://127.0.0.1:1', 'tcp://pi:1', 'ipc:///tmp/x'])
    for (const endpoint of ['tcp://127.0.0.1:1', 'tcp://pi:1', 'ipc:///tmp/x']) {
      expect(names.find(endpoint, nothing)).toBe(endpoint)
    }
  })

  test('an address that was looked up belongs to the name with its port', () => {
    const names = new EndpointNames(['tcp://left:1', 'tcp://right:2', 'tcp://10.0.0.1:3'])
    expect(names.find('tcp://10.0.0.9:2', nothing)).toBe('tcp://right:2')
    expect(names.find('tcp://10.0.0.9:1', nothing)).toBe('tcp://left:1')
    expect(names.find('tcp://10.0.0.9:3', nothing)).toBe('tcp://10.0.0.9:3')
  })

  test('where hosts share a port, it is the one that something is expected of, and stays so', () => {
    const names = new EndpointNames(['tcp://left:1', 'tcp://right:1'])
    expect(names.find('tcp://10.0.0.9:1', (endpoint) => endpoint === 'tcp://right:1')).toBe('tcp://right:1')
    expect(names.find('tcp://10.0.0.8:1', () => true)).toBe('tcp://left:1')
    expect(names.find('tcp://10.0.0.9:1', () => true)).toBe('tcp://right:1')
  })

  test('a host that was given another address is found again', () => {
    const names = new EndpointNames(['tcp://pi:1'])
    expect(names.find('tcp://10.0.0.8:1', nothing)).toBe('tcp://pi:1')
    expect(names.find('tcp://10.0.0.9:1', nothing)).toBe('tcp://pi:1')
  })

  test('an endpoint that is listened on is no address of a name with the same port', () => {
    const names = new EndpointNames(['tcp://pi:1'])
    names.addBound('tcp://0.0.0.0:1')
    expect(names.find('tcp://0.0.0.0:1', nothing)).toBe('tcp://0.0.0.0:1')
  })

  test('an IPv6 address written in another way is found', () => {
    const names = new EndpointNames(['tcp://[0:0:0:0:0:0:0:1]:1'])
    expect(names.find('tcp://[::1]:1', nothing)).toBe('tcp://[0:0:0:0:0:0:0:1]:1')
  })
})
