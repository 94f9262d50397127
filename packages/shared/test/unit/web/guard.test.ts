import { describe, expect, test } from '@jest/globals'
import { inspect } from 'node:util'
import { AccessToken } from '../../../src/web/access-token.ts'
import { cookieName, judgeRequest, type GuardRules, type RouteKind } from '../../../src/web/guard.ts'

const open: GuardRules = { host: '127.0.0.1', port: 8081, allowedHosts: [], token: undefined }
const token = new AccessToken('open sesame'.replace(' ', '-'))
const locked: GuardRules = { ...open, token }

function judge(
  headers: Record<string, string>,
  rules = open,
  kind: RouteKind = {},
  path = '/',
  method = 'GET',
): number {
  const all = { host: '127.0.0.1:8081', ...headers }
  const verdict = judgeRequest({ method, url: new URL(path, 'http://_'), headers: all }, rules, kind)
  return verdict.admitted ? 200 : verdict.status
}

describe('the guard', () => {
  test('answers only GET and HEAD', () => {
    const statuses = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'].map((method) =>
      judge({}, open, {}, '/', method),
    )
    expect(statuses).toEqual([200, 200, 405, 405, 405, 405, 405])
  })

  test('lets requests of its own pages in', () => {
    expect(judge({ origin: 'http://127.0.0.1:8081', 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(judge({ host: 'LOCALHOST:8081', origin: 'http://localhost:8081' })).toBe(200)
  })

  test.each([
    'http://evil.example',
    'http://127.0.0.1:8082',
    'http://localhost:8081',
    'null',
    '',
    'https://',
  ])('refuses the origin "%s"', (origin) => expect(judge({ origin })).toBe(403))

  test.each(['cross-site', 'same-site', 'nonsense'])('refuses what a page elsewhere embeds (%s)', (site) => {
    expect(judge({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).toBe(
      403,
    )
  })

  test('lets a link from elsewhere lead to a page, but not to a stream, and not into a frame', () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect(judge(link, open, { page: true })).toBe(200)
    expect(judge(link, open, {})).toBe(403)
    expect(judge({ ...link, 'sec-fetch-dest': 'iframe' }, open, { page: true })).toBe(403)
  })

  test('asks for the token, and takes it from the address, the header and the cookie', () => {
    expect(judge({}, locked)).toBe(401)
    expect(judge({}, locked, {}, '/?token=open-sesame')).toBe(200)
    expect(judge({ authorization: 'Bearer open-sesame' }, locked)).toBe(200)
    expect(judge({ cookie: `a=b; ${cookieName(8081)}=${token.cookie}` }, locked)).toBe(200)
  })

  test('refuses a wrong token wherever it is', () => {
    expect(judge({}, locked, {}, '/?token=open-sesam')).toBe(401)
    expect(judge({}, locked, {}, '/?token=')).toBe(401)
    expect(judge({ authorization: 'Bearer open-sesame2' }, locked)).toBe(401)
    expect(judge({ authorization: 'Basic open-sesame' }, locked)).toBe(401)
    expect(judge({ cookie: `${cookieName(8081)}=open-sesame` }, locked)).toBe(401)
    expect(judge({ cookie: `${cookieName(8082)}=${token.cookie}` }, locked)).toBe(401)
  })

  test('checks the host and the origin before the token, and for what is open to all as well', () => {
    expect(judge({ host: 'evil.example:8081', authorization: 'Bearer open-sesame' }, locked)).toBe(403)
    expect(judge({}, locked, { open: true })).toBe(200)
    expect(judge({ host: 'evil.example:8081' }, locked, { open: true })).toBe(403)
  })
})

describe('a token', () => {
  test('is not in its cookie, and the cookie outlives a restart', () => {
    expect(token.cookie).not.toContain('sesame')
    expect(new AccessToken('open-sesame').cookie).toBe(token.cookie)
    expect(new AccessToken('open-sesamf').cookie).not.toBe(token.cookie)
  })

  test('gives itself away to no printing', () => {
    expect(JSON.stringify({ token, text: inspect(token, { depth: null }) })).not.toContain('sesame')
  })

  test.each(['', 'two words', 'line\nbreak', 'ü', 'x'.repeat(257)])('cannot be "%s"', (text) => {
    expect(() => new AccessToken(text)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
