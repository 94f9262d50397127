import { describe, expect, test } from '@jest/globals'
import { drawQrCode } from '../../../src/page/qr-code.ts'
import { readQrCode, whyNoQrReader } from '../../support/read-qr-code.ts'

const missing = whyNoQrReader()
if (missing !== undefined) console.warn(`skipped: ${missing}`)
const testReading = missing === undefined ? test : test.skip

const ADDRESSES = [
  'http://10.0.0.2:81',
  'http://192.168.100.200:65535/?once=abcdefghij_-ABCD',
  `http://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:8080/?once=${'x'.repeat(16)}`,
]

describe('a QR code', () => {
  testReading.each(ADDRESSES)('of %s is read by another program', async (address) => {
    expect(await readQrCode(drawQrCode(address, false).lines)).toBe(address)
  })

  test.each(ADDRESSES)('of %s is as wide as it says, with a light border all around', (address) => {
    const { width, lines } = drawQrCode(address, false)
    expect(lines.map(({ length }) => length)).toEqual(lines.map(() => width))
    expect(lines).toHaveLength(Math.ceil(width / 2))
    expect(new Set(lines[0])).toEqual(new Set('█'))
    for (const line of lines.slice(1, -1)) expect(line).toMatch(/^██.*██$/)
  })

  test('is white and black by number where there are colours, and each line ends them', () => {
    const plain = drawQrCode('http://10.0.0.2:81', false)
    const coloured = drawQrCode('http://10.0.0.2:81', true)
    expect(plain.lines.join('')).not.toContain('\u001B')
    expect(coloured.width).toBe(plain.width)
    expect(coloured.lines).toEqual(plain.lines.map((line) => `\u001B[38;5;231;48;5;16m${line}\u001B[0m`))
  })
})
