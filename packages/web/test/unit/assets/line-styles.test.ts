import { describe, expect, test } from '@jest/globals'
import { colourOf, dashesOf, MAX_LINES, PALETTES } from '../../../assets/chart/line-styles.js'

type Three = [number, number, number]

/** How people see who are blind to red, or to green (Machado and others, 2009), as linear light. */
const SIGHTS: Readonly<Record<string, readonly Three[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
}

function apply(matrix: readonly Three[], [x, y, z]: Three): Three {
  return matrix.map(([a, b, c]) => a * x + b * y + c * z) as Three
}

function linear(colour: string): Three {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as Three
}

/** Where differences are as large as they look (OKLab). */
function look(light: Three): Three {
  const cones = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    light.map((value) => Math.min(Math.max(value, 0), 1)) as Three,
  ).map(Math.cbrt) as Three
  return apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  )
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [one, other]
    .map((colour) => {
      const [r, g, b] = linear(colour)
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    })
    .sort((a, b) => a - b)
  return (bright + 0.05) / (dark + 0.05)
}

/** The ground and the panels of each scheme, as in theme.css. */
const GROUNDS = { dark: ['#101215', '#15181c'], light: ['#e9ebee', '#f7f8f9'] } as const

describe.each(['dark', 'light'] as const)('the twenty colours of the %s scheme', (scheme) => {
  test.each([
    ['usual', 0.1],
    ['protanopia', 0.05],
    ['deuteranopia', 0.05],
  ] as const)('are told apart by sight: %s', (sight, least) => {
    const looks = PALETTES[scheme].map((colour) => look(apply(SIGHTS[sight] ?? [], linear(colour))))
    expect(looks).toHaveLength(20)
    for (const [at, [x, y, z]] of looks.entries()) {
      for (const [a, b, c] of looks.slice(at + 1)) {
        expect(Math.hypot(x - a, y - b, z - c)).toBeGreaterThan(least)
      }
    }
  })

  test('stand out from what is behind them', () => {
    for (const colour of PALETTES[scheme]) {
      for (const ground of GROUNDS[scheme]) expect(contrast(colour, ground)).toBeGreaterThan(3)
    }
  })
})

test('no two lines that are drawn at once look alike', () => {
  const looks = Array.from({ length: MAX_LINES }, (_, line) => `${colourOf(line)} ${dashesOf(line).join()}`)
  expect(new Set(looks).size).toBe(32)
})
