import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  formatCertificate,
  MAX_CERTIFICATE_BYTES,
  parseCertificate,
} from '../../../src/security/certificate.ts'
import { belongTogether, createCurveKeys, isCurveKey } from '../../../src/security/curve-keys.ts'

const KEYS = createCurveKeys()
const { publicKey, secretKey } = KEYS

describe('keys', () => {
  test('belong together as they are made, and with no other', () => {
    expect(isCurveKey(publicKey)).toBe(true)
    expect(isCurveKey(secretKey)).toBe(true)
    expect(belongTogether(KEYS)).toBe(true)
    expect(belongTogether({ publicKey: createCurveKeys().publicKey, secretKey })).toBe(false)
    expect(belongTogether({ publicKey, secretKey: 'short' })).toBe(false)
  })
})

describe('certificates', () => {
  test('of both kinds read as they were written', () => {
    expect(parseCertificate(formatCertificate({ publicKey }, 'lab'))).toEqual({
      publicKey,
      secretKey: undefined,
    })
    expect(parseCertificate(formatCertificate(KEYS, 'lab'))).toEqual(KEYS)
    expect(formatCertificate({ publicKey }, 'lab')).not.toContain(secretKey)
  })

  test.each([
    [
      'PyZMQ writes them',
      `#   ****  Generated  ****\n\nmetadata\n    a = b\ncurve\n    public-key = "${publicKey}"\n    secret-key = "${secretKey}"\n`,
    ],
    [
      'Windows ends its lines',
      `\uFEFFcurve\r\n    public-key = "${publicKey}"\r\n    secret-key = "${secretKey}"\r\n`,
    ],
    ['others indent and quote', `curve\n\tpublic-key='${publicKey}'\n  secret-key   =   ${secretKey}`],
    [
      'metadata speaks of keys',
      `metadata\n    public-key = "none"\ncurve\n    public-key = "${publicKey}"\n    secret-key = "${secretKey}"`,
    ],
  ])('are read as %s', (_, text) => {
    expect(parseCertificate(text)).toEqual(KEYS)
  })

  test.each([
    ['', 'it has no public-key in a section "curve"'],
    [`public-key = "${publicKey}"`, 'it has no public-key in a section "curve"'],
    [`curve\n    secret-key = "${secretKey}"`, 'it has no public-key in a section "curve"'],
    ['curve\n    public-key = "tooshort"', 'line 2 has no key of 40 letters of Z85'],
    [`curve\n    public-key = "${publicKey}`, 'line 2 has no key of 40 letters of Z85'],
    [`curve\n  public-key = "${publicKey}"\n  public-key = "${publicKey}"`, 'line 3 has a second public-key'],
    ['x'.repeat(MAX_CERTIFICATE_BYTES + 1), `it is over ${MAX_CERTIFICATE_BYTES} bytes`],
  ])('are refused without repeating what they hold: %j', (text, reason) => {
    expect(parseCertificate(text)).toBe(reason)
  })

  test('arbitrary texts are refused or hold keys, and never throw', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'curve',
        'metadata',
        '#',
        `  public-key = "${publicKey}"`,
        `\tsecret-key = '${secretKey}'`,
        '    ',
      ),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const result = parseCertificate(lines.join('\n'))
        if (typeof result === 'string') expect(result).not.toContain(secretKey)
        else expect(isCurveKey(result.publicKey)).toBe(true)
      }),
    )
  })

  test('arbitrary bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(typeof parseCertificate(Buffer.from(bytes).toString('utf8'))).toBe('string')
      }),
    )
  })
})
