import { describe, expect, test } from '@jest/globals'
import { hostname } from 'node:os'
import { isAllowedHost } from '../../../../src/server/admission/host-rules.ts'

const loopback = { host: '127.0.0.1', allowedHosts: [] }
const everywhere = { ...loopback, host: '0.0.0.0' }

describe('a Host header', () => {
  test.each([
    '127.0.0.1:8081',
    'localhost:8081',
    'LOCALHOST:9000',
    'localhost.',
    'localhost',
    '[::1]:8081',
    '127.1.2.3',
    '192.168.1.5:9000',
    '203.0.113.9',
    '[fd00::5]',
    '[fe80::1%eth0]:8081',
    '[::ffff:192.168.1.5]:80',
  ])('%s can be pointed nowhere else, so it is let in with any port', (host) => {
    expect(isAllowedHost(host, loopback)).toBe(true)
    expect(isAllowedHost(host, everywhere)).toBe(true)
  })

  test.each([
    undefined,
    '',
    'rebound.example:8081',
    'localhost.evil.example:8081',
    'evil.localhost',
    '127.0.0.1.evil.example:8081',
    '127.0.0.1.nip:8081',
    '127.1',
    '2130706433',
    '0x7f000001',
    'evil@localhost:8081',
    'localhost:8081/x',
    'localhost:8081:8081',
    '[::1:8081',
    '[localhost]',
    '127.0.0.1:8081 ',
  ])('%s may lead elsewhere', (host) => {
    expect(isAllowedHost(host, loopback)).toBe(false)
  })

  test('may be the name that was bound', () => {
    expect(isAllowedHost('cam.lan:8081', { ...loopback, host: 'cam.lan' })).toBe(true)
    expect(isAllowedHost('cam2.lan:8081', { ...loopback, host: 'cam.lan' })).toBe(false)
  })

  test('may be the name of this machine where every interface is bound, but no other name', () => {
    expect(isAllowedHost(`${hostname()}:8081`, everywhere)).toBe(true)
    expect(isAllowedHost('rebound.example:8081', everywhere)).toBe(false)
    expect(isAllowedHost('rebound.example:8081', loopback)).toBe(false)
  })

  test('may be a name that was allowed, with any port or with one', () => {
    const rules = { ...loopback, allowedHosts: ['Cameras.example', 'proxy.example:443'] }
    expect(isAllowedHost('cameras.example', rules)).toBe(true)
    expect(isAllowedHost('cameras.example:9000', rules)).toBe(true)
    expect(isAllowedHost('proxy.example:443', rules)).toBe(true)
    expect(isAllowedHost('proxy.example:444', rules)).toBe(false)
  })
})
