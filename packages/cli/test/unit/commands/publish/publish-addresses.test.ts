import { describe, expect, test } from '@jest/globals'
import type { NetworkInterfaceInfo } from 'node:os'
import { describeReach } from '../../../../src/commands/publish/publish-addresses.ts'

function address(of: string, more: Partial<NetworkInterfaceInfo> = {}): NetworkInterfaceInfo {
  const family = of.includes(':') ? 'IPv6' : 'IPv4'
  return {
    address: of,
    family,
    internal: false,
    netmask: '',
    mac: '',
    cidr: null,
    ...more,
  } as NetworkInterfaceInfo
}

const INTERFACES = {
  lo: [address('127.0.0.1', { internal: true }), address('::1', { internal: true })],
  eth0: [address('192.168.1.20'), address('2001:db8::20'), address('fe80::1', { scopeid: 2 })],
  wlan0: [address('10.0.0.7')],
}

describe('what is said of the endpoints that are listened on', () => {
  test.each([['tcp://127.0.0.1:5557'], ['tcp://192.168.1.20:5557'], ['inproc://x'], ['ipc:///tmp/x']])(
    'is nothing for %s, which says it all',
    (endpoint) => {
      expect(describeReach([endpoint], INTERFACES)).toEqual([])
    },
  )

  test('is every address of each port to connect to', () => {
    expect(describeReach(['tcp://0.0.0.0:5556', 'tcp://0.0.0.0:5557'], INTERFACES)).toEqual([
      'from elsewhere: --connect tcp://192.168.1.20:5556',
      'from elsewhere: --connect tcp://192.168.1.20:5557',
      'from elsewhere: --connect tcp://10.0.0.7:5556',
      'from elsewhere: --connect tcp://10.0.0.7:5557',
    ])
  })

  test('has addresses of version 6 where it listens on those, but none that hold on one link only', () => {
    expect(describeReach(['tcp://[::]:5557'], INTERFACES)).toEqual([
      'from elsewhere: --connect tcp://192.168.1.20:5557',
      'from elsewhere: --connect tcp://[2001:db8::20]:5557',
      'from elsewhere: --connect tcp://10.0.0.7:5557',
    ])
  })

  test('says so where there is no network', () => {
    expect(describeReach(['tcp://0.0.0.0:5557'], { lo: INTERFACES.lo })).toEqual([
      'this machine has no network on which others could reach it',
    ])
  })
})
