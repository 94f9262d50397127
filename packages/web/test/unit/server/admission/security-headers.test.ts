import { expect, test } from '@jest/globals'
import { securityHeaders } from '../../../../src/server/admission/security-headers.ts'

const OPENER = 'Cross-Origin-Opener-Policy'

test.each(['localhost', '127.0.0.1:8081', '[::1]:8081'])('isolates pages at %s', (host) => {
  expect(securityHeaders({ host })).toHaveProperty(OPENER, 'same-origin')
})

test('isolates pages behind a proxy that speaks TLS', () => {
  expect(securityHeaders({ host: 'pi.local', 'x-forwarded-proto': 'https' })).toHaveProperty(OPENER)
})

test.each(['192.168.1.5:8081', 'pi.local', undefined])('spares browsers a warning at %s', (host) => {
  const headers = securityHeaders(host === undefined ? {} : { host })
  expect(headers).not.toHaveProperty(OPENER)
  expect(headers).toHaveProperty('X-Frame-Options', 'SAMEORIGIN')
})

test('names the pages that may have it in a frame, and no other', () => {
  const headers = securityHeaders({ host: 'localhost' }, ['http://grafana.lan:3000'])
  expect(headers['Content-Security-Policy']).toMatch(/; frame-ancestors 'self' http:\/\/grafana\.lan:3000$/)
  expect(headers).not.toHaveProperty('X-Frame-Options')
  expect(securityHeaders({ host: 'localhost' })['Content-Security-Policy']).toMatch(
    /; frame-ancestors 'self'$/,
  )
})
