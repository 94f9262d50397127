import { describe, expect, test } from '@jest/globals'
import type { IncomingMessage } from 'node:http'
import { findClientAddress, plainAddress } from '../../../src/server/client-address.ts'

function find(remoteAddress: string, forwardedFor?: string): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  return findClientAddress({ socket: { remoteAddress }, headers } as unknown as IncomingMessage)
}

describe('the address a request comes from', () => {
  test('is what a proxy on this machine has added last', () => {
    expect(find('127.0.0.1', '10.9.9.9, 192.168.1.7')).toBe('192.168.1.7')
    expect(find('::ffff:127.0.0.1', '2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(find('127.0.0.1', 'nonsense')).toBe('127.0.0.1')
    expect(find('127.0.0.1')).toBe('127.0.0.1')
  })

  test('is the peer itself where that is another machine, whatever it says', () => {
    expect(find('192.168.1.20', '10.9.9.9')).toBe('192.168.1.20')
  })

  test('is one for all addresses that an IPv6 host may choose', () => {
    expect(plainAddress('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(plainAddress('2001:db8:0:0:aaaa::2')).toBe('2001:db8:0:0::/64')
    expect(plainAddress('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
    expect(plainAddress('::1')).toBe('::1')
    expect(plainAddress(undefined)).toBe('unknown')
  })
})
