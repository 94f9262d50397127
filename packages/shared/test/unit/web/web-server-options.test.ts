import { describe, expect, test } from '@jest/globals'
import { checkWebServerOptions } from '../../../src/web/web-server-options.ts'

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
        /--token-file or ZCAST_TOKEN, or say --no-token/,
      )
      expect(checkWebServerOptions({ host, port: 0, noToken: true }).token).toBeUndefined()
      expect(checkWebServerOptions({ host, port: 0, token: 'secret' }).token?.matches('secret')).toBe(true)
    },
  )

  test.each([
    { port: -1 },
    { port: 65_536 },
    { port: 1.5 },
    { port: 0, maxClients: 0 },
    { port: 0, host: '' },
  ])('refuses %j', (options) => {
    expect(() => checkWebServerOptions(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
