import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { isLoopback, parseEndpoint, parsePeerEndpoint } from '../../src/endpoint.ts'

describe('endpoints', () => {
  test('every IPv4 address and port is read back as it was written', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(parseEndpoint(`tcp://${host}:${port}`)).toEqual({ transport: 'tcp', host, port })
      }),
    )
  })

  test('every IPv6 address is read in brackets, and refused without', () => {
    fc.assert(
      fc.property(fc.ipV6(), (host) => {
        expect(parseEndpoint(`tcp://[${host}]:1`)).toEqual({ transport: 'tcp', host, port: 1 })
        expect(() => parseEndpoint(`tcp://${host}:1`)).toThrow(
          expect.objectContaining({ code: 'ERR_ENDPOINT' }),
        )
      }),
    )
  })

  test.each([
    ['tcp://localhost:5556', { transport: 'tcp', host: 'localhost', port: 5556 }],
    ['tcp://my-pi.local:1', { transport: 'tcp', host: 'my-pi.local', port: 1 }],
    ['tcp://docker_name:65535', { transport: 'tcp', host: 'docker_name', port: 65_535 }],
    ['tcp://*:*', { transport: 'tcp', host: '*', port: '*' }],
    ['tcp://[fe80::1%eth0]:9', { transport: 'tcp', host: 'fe80::1%eth0', port: 9 }],
    ['ipc:///tmp/zcast.sock', { transport: 'ipc', name: '/tmp/zcast.sock' }],
    ['ipc:///tmp/my folder/zcast.sock', { transport: 'ipc', name: '/tmp/my folder/zcast.sock' }],
    ['ipc://@zcast', { transport: 'ipc', name: '@zcast' }],
    ['inproc://here', { transport: 'inproc', name: 'here' }],
  ])('%s is an endpoint', (text, expected) => {
    expect(parseEndpoint(text)).toEqual(expected)
  })

  test.each([
    '',
    'localhost:5556',
    'tcp://',
    'tcp://localhost',
    'tcp://localhost:',
    'tcp://localhost:0',
    'tcp://localhost:05556',
    'tcp://localhost:65536',
    'tcp://localhost:-1',
    'tcp://localhost:1e3',
    'tcp://:5556',
    'tcp://300.1.1.1:5556',
    'tcp://1.2.3:5556',
    'tcp://a b:5556',
    'tcp://-a:5556',
    'tcp://[::1:5556',
    'tcp://[127.0.0.1]:5556',
    'tcp://localhost:5556 ',
    'tcp://localhost:5556\n',
    'tcp://user@host:5556',
    'udp://localhost:5556',
    'ipc://',
    'ipc://a ',
    'ipc:// a',
    'ipc://a\nb',
    'ipc://a\0b',
    `ipc://${'a'.repeat(108)}`,
    `inproc://${'a'.repeat(257)}`,
    `ipc://${'é'.repeat(60)}`,
  ])('%j is no endpoint', (text) => {
    expect(() => parseEndpoint(text)).toThrow(
      expect.objectContaining({ code: 'ERR_ENDPOINT', endpoint: text }),
    )
  })

  test('a path that is too long is told its length and the limit', () => {
    expect(() => parseEndpoint(`ipc:///tmp/${'é'.repeat(60)}`)).toThrow(
      /the path of a socket may have at most 10[37] bytes, but this one has 125/,
    )
  })

  test('any text is an endpoint or an ERR_ENDPOINT', () => {
    const near = fc
      .tuple(
        fc.constantFrom('tcp://', 'ipc://', 'inproc://', ''),
        fc.string(),
        fc.constantFrom(':1', ':*', ''),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(near, (text) => {
        try {
          parseEndpoint(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_ENDPOINT' })
        }
      }),
    )
  })

  test('a * can be listened on, not connected to', () => {
    expect(parsePeerEndpoint('tcp://localhost:1')).toEqual(parseEndpoint('tcp://localhost:1'))
    expect(parsePeerEndpoint('ipc:///tmp/x')).toEqual(parseEndpoint('ipc:///tmp/x'))
    for (const text of ['tcp://*:1', 'tcp://localhost:*', 'nonsense']) {
      expect(() => parsePeerEndpoint(text)).toThrow(expect.objectContaining({ code: 'ERR_ENDPOINT' }))
    }
  })

  test.each([
    ['tcp://127.0.0.1:1', true],
    ['tcp://127.9.9.9:1', true],
    ['tcp://localhost:1', true],
    ['tcp://[::1]:1', true],
    ['tcp://[0:0:0:0:0:0:0:1]:1', true],
    ['tcp://[::1%lo]:1', true],
    ['tcp://[::ffff:127.0.0.1]:1', true],
    ['tcp://[::FFFF:7f00:1]:1', true],
    ['ipc:///tmp/x', true],
    ['inproc://x', true],
    ['tcp://0.0.0.0:1', false],
    ['tcp://*:1', false],
    ['tcp://192.168.1.2:1', false],
    ['tcp://127.example.org:1', false],
    ['tcp://[::]:1', false],
    ['tcp://[::ffff:192.168.1.2]:1', false],
    ['tcp://[::ffff:0.0.0.0]:1', false],
    ['tcp://[fe80::1%eth0]:1', false],
  ])('whether only this machine can reach %s: %s', (text, expected) => {
    expect(isLoopback(parseEndpoint(text))).toBe(expected)
  })
})
