import { describe, expect, test } from '@jest/globals'
import { inspect } from 'node:util'
import { AccessToken } from '../../../../src/server/admission/access-token.ts'
import {
  judgeRequest,
  type GuardRules,
  type RouteKind,
  type Verdict,
} from '../../../../src/server/admission/guard.ts'
import { formatCookie } from '../../../../src/server/admission/session-cookie.ts'

const SECRET = 'open-sesame-0123456789'
const open: GuardRules = { host: '127.0.0.1', allowedHosts: [], allowedOrigins: [], token: undefined }
const token = new AccessToken(SECRET)
const locked: GuardRules = { ...open, token }
const GRAFANA = 'http://grafana.lan:3000'
const shared: GuardRules = { ...open, allowedOrigins: [GRAFANA] }

function judgeAll(
  headers: Record<string, string>,
  rules = open,
  kind: RouteKind = {},
  path = '/',
  method = 'GET',
): Verdict {
  const all = { host: '127.0.0.1:8081', ...headers }
  return judgeRequest({ method, url: new URL(path, 'http://_'), headers: all }, rules, kind)
}

function judge(...given: Parameters<typeof judgeAll>): number {
  const verdict = judgeAll(...given)
  return verdict.admitted ? 200 : verdict.status
}

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
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

  test('lets requests of its own pages in where a proxy speaks TLS, or changes the Host', () => {
    const name = { allowedHosts: ['cam.example.org'] }
    expect(judge({ host: 'cam.example.org', origin: 'https://cam.example.org' }, { ...open, ...name })).toBe(
      200,
    )
    const forwarded = { 'x-forwarded-host': 'cam.example.org:443', origin: 'https://cam.example.org' }
    expect(judge(forwarded, { ...open, ...name })).toBe(200)
    // The browser itself says that the page is its own.
    expect(judge({ origin: 'https://cam.example.org', 'sec-fetch-site': 'same-origin' })).toBe(200)
  })

  test('refuses a name that was pointed at a proxy in front of it, and says what to set', () => {
    const verdict = judgeAll({ 'x-forwarded-host': 'rebound.example' })
    expect(verdict).toMatchObject({
      status: 403,
      reason: expect.stringMatching(/--allowed-host rebound\.example/),
    })
    const strange = judgeAll({ host: '<b>:80' })
    expect(strange).toMatchObject({ status: 403, reason: expect.not.stringContaining('<b>') })
  })

  test.each([
    'http://evil.example',
    'http://127.0.0.1:8082',
    'http://localhost:8081',
    'null',
    '',
    'https://',
  ])('refuses the origin "%s"', (origin) => {
    expect(judge({ origin })).toBe(403)
    expect(judge({ origin }, shared)).toBe(403)
  })

  test.each(['cross-site', 'same-site', 'nonsense'])('refuses what a page elsewhere embeds (%s)', (site) => {
    expect(judge({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).toBe(
      403,
    )
  })

  test('lets a link from elsewhere lead anywhere, but not into a frame', () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect(judge(link, open, { page: true })).toBe(200)
    expect(judge(link, open, {})).toBe(200)
    expect(judge({ ...link, 'sec-fetch-dest': 'iframe' }, open, { page: true })).toBe(403)
    expect(judge({ ...link, 'sec-fetch-mode': 'no-cors' }, open, { page: true })).toBe(403)
  })

  test('lets files that are the same for everybody be loaded whatever a proxy does, but not under a foreign name', () => {
    expect(judge({ origin: 'https://cam.example.org' }, locked, { asset: true })).toBe(200)
    expect(judge({ host: 'evil.example' }, open, { asset: true })).toBe(403)
  })
})

describe('a page elsewhere that was allowed', () => {
  const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  const frame = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }

  test('may fetch and embed, by its Origin or its Referer', () => {
    const readable = { admitted: true, readableBy: GRAFANA }
    expect(judgeAll({ origin: GRAFANA }, shared)).toMatchObject(readable)
    expect(judgeAll({ ...image, referer: `${GRAFANA}/` }, shared)).toMatchObject(readable)
    // Over plain HTTP from another machine, browsers say no more than this.
    expect(judgeAll({ referer: `${GRAFANA}/` }, shared)).toMatchObject(readable)
    expect(judge(frame, shared)).toBe(200)
    expect(judge({ ...frame, referer: `${GRAFANA}/` }, shared)).toBe(200)
  })

  test('lets no other page in, and none that does not say which it is', () => {
    expect(judge({ origin: 'http://grafana.lan' }, shared)).toBe(403)
    expect(judge({ origin: 'http://grafana.lan:3001' }, shared)).toBe(403)
    expect(judge({ origin: 'https://grafana.lan:3000' }, shared)).toBe(403)
    expect(judge({ ...image, referer: 'http://evil.example/' }, shared)).toBe(403)
    expect(judge({ ...image, referer: `http://evil.example/${GRAFANA}` }, shared)).toBe(403)
    expect(judge(image, shared)).toBe(403)
    expect(judge({ ...frame, referer: 'http://evil.example/' }, shared)).toBe(403)
    expect(judgeAll({}, shared)).toMatchObject({ admitted: true, readableBy: undefined })
  })

  test('still needs the token; one in the address vouches for a page that does not say which it is', () => {
    const both = { ...shared, token }
    expect(judge({ origin: GRAFANA }, both)).toBe(401)
    expect(judge({ origin: GRAFANA, authorization: `Bearer ${SECRET}` }, both)).toBe(200)
    expect(judgeAll(image, both, {}, `/?token=${SECRET}`)).toMatchObject({ admitted: true, readableBy: '*' })
    // Over plain HTTP from another machine, browsers may say nothing at all.
    expect(judgeAll({}, both, {}, `/?token=${SECRET}`)).toMatchObject({ readableBy: '*' })
    expect(judgeAll({}, both, { page: true }, `/?token=${SECRET}`)).toMatchObject({ readableBy: undefined })
    expect(judge(image, both, {}, '/?token=wrong-wrong-wrong-wrong')).toBe(401)
    expect(judge(image, locked, {}, `/?token=${SECRET}`)).toBe(403)
  })
})

describe('a token', () => {
  const cookieOf = (headers: Record<string, string>): string =>
    formatCookie(headers, token.cookie).split(';')[0] ?? ''

  test('is taken from the address, the header and the cookie', () => {
    expect(judge({}, locked)).toBe(401)
    expect(judge({}, locked, {}, `/?token=${SECRET}`)).toBe(200)
    expect(judge({ authorization: `Bearer ${SECRET}` }, locked)).toBe(200)
    expect(judge({ cookie: `a=b; ${cookieOf({ host: '127.0.0.1:8081' })}` }, locked)).toBe(200)
  })

  test('is the password of Basic, whatever the user name', () => {
    expect(judge(basic('anybody', SECRET), locked)).toBe(200)
    expect(judge(basic('', SECRET), locked)).toBe(200)
    expect(judge(basic(SECRET, ''), locked)).toBe(401)
    expect(judge(basic('anybody', `${SECRET}x`), locked)).toBe(401)
    expect(judge({ authorization: `Basic ${SECRET}` }, locked)).toBe(401)
  })

  test('that is wrong is told from none', () => {
    expect(judgeAll({}, locked)).toMatchObject({ isGuess: false })
    expect(judgeAll({}, locked, {}, '/?token=')).toMatchObject({ isGuess: false })
    expect(judgeAll({}, locked, {}, `/?token=${SECRET.slice(1)}`)).toMatchObject({ isGuess: true })
    expect(judgeAll({ authorization: `Bearer ${SECRET}2` }, locked)).toMatchObject({ isGuess: true })
    expect(judge({ cookie: `zcast-8081=${SECRET}` }, locked)).toBe(401)
    expect(judge({ cookie: `zcast-8081=` }, locked)).toBe(401)
  })

  test('takes a token in base64 from an address as it stands, and escaped', () => {
    const base64 = 'q83vASNFZ4mr/+8BI0VniQ=='
    const rules = { ...open, token: new AccessToken(base64) }
    expect(judge({}, rules, {}, `/?token=${base64}`)).toBe(200)
    expect(judge({}, rules, {}, `/?token=${encodeURIComponent(base64)}`)).toBe(200)
    expect(judge({}, rules, {}, `/?token=${base64.replace('+', '')}`)).toBe(401)
  })

  test('is not looked at where too many wrong ones came from, but a cookie is', () => {
    const guess = (headers: Record<string, string>, path: string): Verdict =>
      judgeRequest({ method: 'GET', url: new URL(path, 'http://_'), headers, mayGuess: false }, locked, {})
    const host = '127.0.0.1:8081'
    expect(guess({ host }, `/?token=${SECRET}`)).toMatchObject({ status: 429, isGuess: false })
    expect(guess({ host, cookie: cookieOf({ host }) }, '/')).toMatchObject({ admitted: true })
  })

  test('is asked for after the host and the origin, which count for what is open to all as well', () => {
    expect(judge({ host: 'evil.example:8081', authorization: `Bearer ${SECRET}` }, locked)).toBe(403)
    expect(judge({}, locked, { open: true })).toBe(200)
    expect(judge({ host: 'evil.example:8081' }, locked, { open: true })).toBe(403)
  })

  test('is not in its cookie, which another run does not take', () => {
    expect(token.cookie).not.toContain('sesame')
    expect(token.matchesCookie(token.cookie)).toBe(true)
    expect(new AccessToken(SECRET).matchesCookie(token.cookie)).toBe(false)
  })

  test('gives itself away to no printing', () => {
    expect(JSON.stringify({ token, text: inspect(token, { depth: null }) })).not.toContain('sesame')
  })

  test.each([
    '',
    '1234',
    'fifteen-letters',
    'two words of some length',
    'line\nbreak-0123456789',
    'ü'.repeat(16),
    'x'.repeat(257),
  ])('cannot be "%s"', (text) => {
    expect(() => new AccessToken(text)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})

describe('the cookie', () => {
  test('is for the folder of the page, wherever a proxy has put it, and for scripts of no page', () => {
    expect(formatCookie({ host: 'localhost:8081' }, 'v')).toBe('zcast-8081=v; HttpOnly; SameSite=Strict')
    expect(formatCookie({ host: '[::1]:9000' }, 'v')).toMatch(/^zcast-9000=v;/)
    const prefix = { host: 'cam.example', 'x-forwarded-prefix': '/cam1' }
    expect(formatCookie(prefix, 'v')).toBe('zcast=v; Path=/cam1/; HttpOnly; SameSite=Strict')
    expect(formatCookie({ ...prefix, 'x-forwarded-prefix': '/; Domain=evil' }, 'v')).not.toContain('evil')
  })

  test('goes over TLS only where the browser speaks TLS, under a name that nothing else can set', () => {
    const tls = { host: 'cam.example', 'x-forwarded-proto': 'https' }
    expect(formatCookie(tls, 'v')).toBe('__Secure-zcast=v; HttpOnly; SameSite=Strict; Secure')
    expect(formatCookie({ ...tls, 'x-forwarded-prefix': '/' }, 'v')).toBe(
      '__Host-zcast=v; Path=/; HttpOnly; SameSite=Strict; Secure',
    )
  })
})
