import { describe, expect, test } from '@jest/globals'
import { checkWebServerOptions } from '../../../src/server/web-server-options.ts'

const SECRET = 'a-secret-of-some-length'

describe('where a web server listens', () => {
  test.each(['127.0.0.1', 'localhost', '::1', '127.0.0.9'])('%s needs no token', (host) => {
    expect(checkWebServerOptions({ host, port: 0 }).token).toBeUndefined()
  })

  test.each(['0.0.0.0', '::', '192.168.1.5', 'camera.local', '127.example'])(
    '%s needs one, or a clear word',
    (host) => {
      expect(() => checkWebServerOptions({ host, port: 0 })).toThrow(
        expect.objectContaining({ code: 'ERR_OPTION' }),
      )
      expect(() => checkWebServerOptions({ host, port: 0 })).toThrow(
        /--token-file or ZCAST_TOKEN, or use --no-token/,
      )
      expect(checkWebServerOptions({ host, port: 0, noToken: true }).token).toBeUndefined()
      expect(checkWebServerOptions({ host, port: 0, token: SECRET }).token?.matches(SECRET)).toBe(true)
    },
  )

  test.each([
    { port: -1 },
    { port: 65_536 },
    { port: 1.5 },
    { port: 0, maxClients: 0 },
    { port: 0, host: '' },
    { port: 0, host: '300.1.1.1' },
  ])('refuses %j', (options) => {
    expect(() => checkWebServerOptions(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})

describe('the pages that may embed a server', () => {
  test('are named by their origins, as browsers write them', () => {
    const allowedOrigins = ['http://Grafana.lan:3000/', 'https://ha.example:443', 'http://[FD00::5]:8123']
    expect(checkWebServerOptions({ port: 0, allowedOrigins }).allowedOrigins).toEqual([
      'http://grafana.lan:3000',
      'https://ha.example',
      'http://[fd00::5]:8123',
    ])
  })

  test.each([
    '*',
    'grafana.lan',
    'grafana.lan:3000',
    'http://*.lan',
    'http://grafana.lan/d/1',
    'http://me:pw@grafana.lan',
    'http://grafana.lan?x',
    'null',
    'file:///x',
    "http://a.lan;script-src 'unsafe-inline'",
    '',
  ])('cannot be "%s"', (origin) => {
    expect(() => checkWebServerOptions({ port: 0, allowedOrigins: [origin] })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})
