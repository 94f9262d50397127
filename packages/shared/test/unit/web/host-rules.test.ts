import { describe, expect, test } from '@jest/globals'
import { hostname } from 'node:os'
import { isAllowedHost } from '../../../src/web/host-rules.ts'

const loopback = { host: '127.0.0.1', port: 8081, allowedHosts: [] }
const everywhere = { ...loopback, host: '0.0.0.0' }

describe('a Host header', () => {
  test.each(['127.0.0.1:8081', 'localhost:8081', '[::1]:8081', '127.1.2.3:8081'])(
    '%s names this machine',
    (host) => {
      expect(isAllowedHost(host, loopback)).toBe(true)
    },
  )

  test.each([
    undefined,
    '',
    'localhost',
    'localhost:8082',
    '192.168.1.5:8081',
    'rebound.example:8081',
    'localhost.evil.example:8081',
    '127.0.0.1.evil.example:8081',
    '127.0.0.1.nip:8081',
    'evil@localhost:8081',
    'localhost:8081/x',
    'localhost:8081:8081',
    '[::1:8081',
    '127.0.0.1:8081 ',
  ])('%s does not', (host) => {
    expect(isAllowedHost(host, loopback)).toBe(false)
  })

  test('may be the address that was bound', () => {
    expect(isAllowedHost('192.168.1.5:8081', { ...loopback, host: '192.168.1.5' })).toBe(true)
    expect(isAllowedHost('192.168.1.6:8081', { ...loopback, host: '192.168.1.5' })).toBe(false)
    expect(isAllowedHost('[fd00::5]:8081', { ...loopback, host: 'fd00::5' })).toBe(true)
  })

  test('may be any address or the name of this machine where every interface is bound, but no other name', () => {
    expect(isAllowedHost('192.168.1.5:8081', everywhere)).toBe(true)
    expect(isAllowedHost(`${hostname()}:8081`, everywhere)).toBe(true)
    expect(isAllowedHost('rebound.example:8081', everywhere)).toBe(false)
    expect(isAllowedHost('192.168.1.5:8082', everywhere)).toBe(false)
  })

  test('may be a name that was allowed, with any port or with one', () => {
    const rules = { ...loopback, allowedHosts: ['Cameras.example', 'proxy.example:443'] }
    expect(isAllowedHost('cameras.example', rules)).toBe(true)
    expect(isAllowedHost('cameras.example:9000', rules)).toBe(true)
    expect(isAllowedHost('proxy.example:443', rules)).toBe(true)
    expect(isAllowedHost('proxy.example:444', rules)).toBe(false)
  })

  test('is implied to have port 80', () => {
    expect(isAllowedHost('localhost', { ...loopback, port: 80 })).toBe(true)
  })
})
