import { describe, expect, test } from '@jest/globals'
import { parseChallenges, type AuthChallenge } from '../../../../../src/sources/live/http/auth-challenge.ts'
import { answerDigest, digestStrength } from '../../../../../src/sources/live/http/digest-auth.ts'

const mufasa = { name: 'Mufasa', password: 'Circle of Life' }
const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ'

function challenge(text: string): AuthChallenge {
  const [first] = parseChallenges([text])
  if (!first) throw new Error(`"${text}" is no challenge`)
  return first
}

function field(answer: string, name: string): string | undefined {
  return new RegExp(`[ ,]${name}="?([^",]*)`).exec(answer)?.[1]
}

describe('parseChallenges', () => {
  test('tells several challenges of one header apart, and takes those of several headers', () => {
    const found = parseChallenges([
      'Digest realm="a, \\"b\\"", qop="auth, auth-int",nonce=abc , Basic realm=cam, Negotiate abc==, NTLM',
      'digest Realm = "x"',
    ])
    expect(found.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])).toEqual([
      ['digest', { realm: 'a, "b"', qop: 'auth, auth-int', nonce: 'abc' }],
      ['basic', { realm: 'cam' }],
      ['negotiate', {}],
      ['ntlm', {}],
      ['digest', { realm: 'x' }],
    ])
  })

  test.each(['', ',,,', '=', '"', 'Digest realm="', 'Digest =a,b==c'])('comes to an end with %j', (text) => {
    expect(() => parseChallenges([text])).not.toThrow()
  })
})

describe('answerDigest', () => {
  // The examples of RFC 7616, 3.9.1.
  const common =
    'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('with %s answers as RFC 7616 does', (algorithm, response) => {
    const asked = challenge(`Digest ${common}, algorithm=${algorithm}`)
    const answer = answerDigest(asked, mufasa, '/dir/index.html', 1, clientNonce)
    expect(field(answer, 'response')).toBe(response)
    expect(field(answer, 'nc')).toBe('00000001')
    expect(field(answer, 'qop')).toBe('auth')
    expect(field(answer, 'opaque')).toBe('FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS')
  })

  test('without qop answers as RFC 2069 has it', () => {
    const asked = challenge('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
    const answer = answerDigest(asked, mufasa, '/dir/index.html', 1)
    expect(field(answer, 'response')).toBe('2951cdbad33b2271fcb6b8e7b8feac23')
    expect(answer).not.toMatch(/cnonce|nc=|qop/)
  })

  test('hides the name where that is asked for, and puts quotes where they belong', () => {
    const asked = challenge('Digest realm="a\\"b", nonce="n", qop=auth, algorithm=SHA-512-256, userhash=true')
    const answer = answerDigest(asked, { name: 'J"s', password: 'x' }, '/', 16, 'c')
    expect(field(answer, 'username')).toMatch(/^[0-9a-f]{64}$/)
    expect(answer).toContain('realm="a\\"b"')
    expect(field(answer, 'nc')).toBe('00000010')
    expect(answer).toContain('userhash=true')
  })

  test('-sess mixes both nonces into the key', () => {
    const asked = challenge('Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess')
    const plain = challenge('Digest realm="r", nonce="n", qop="auth", algorithm=MD5')
    const [one, other] = [asked, plain].map((each) =>
      field(answerDigest(each, mufasa, '/', 1, 'c'), 'response'),
    )
    // md5(md5(md5('Mufasa:r:Circle of Life'):n:c):n:00000001:c:auth:md5('GET:/'))
    expect(one).toBe('8277a2c8b15cdd087d06bc9356aa502a')
    expect(one).not.toBe(other)
  })

  test('is stronger the stronger its hash, and nothing for what is not known', () => {
    const strength = (text: string): number => digestStrength(challenge(`Digest nonce=n, ${text}`))
    expect(strength('algorithm=SHA-512-256')).toBeGreaterThan(strength('algorithm="SHA-256-sess"'))
    expect(strength('algorithm=SHA-256')).toBeGreaterThan(strength('realm=x'))
    expect(strength('realm=x')).toBe(strength('algorithm=MD5'))
    expect(strength('algorithm=SHA-1')).toBe(0)
    expect(strength('qop="auth-int"')).toBe(0)
    expect(digestStrength(challenge('Digest realm=x'))).toBe(0)
  })
})
