import { fromEpoch } from '../epoch-time.ts'
import { excerpt } from '../line-excerpt.ts'
import { parsePlainNumber, type DecimalSign } from '../parse-number.ts'
import { readTimeCell, toSeconds } from '../time-cell.ts'
import { isTimeName } from '../time-name.ts'
import type { NamedFormat, NamedValues } from './named-values.ts'
import { readValueText } from './value-text.ts'

const PAIR = /^("[^"]*"|[^:=]+?)\s*([:=])\s*(.+)$/s

const HAS_LETTER = /\p{L}/u

const TOKEN_PAIR = /^[^:=]+[:=][^\s]+$/

/** `temp:21.5,hum:40` as Arduino's plotter reads it, and `temp=21.5 hum=40`, with or without units behind the values. */
export function pairsFormat(decimal?: DecimalSign): NamedFormat {
  return { title: 'label:value pairs', read: (text) => readPairs(text, decimal) }
}

function readPairs(
  text: string,
  decimal: DecimalSign | undefined,
): readonly NamedValues[] | string | undefined {
  if (!/[:=]/.test(text)) return readBetweenTabs(text)
  const parts = splitPairs(text)
  if (typeof parts === 'string') return parts
  const [names, values, units]: [string[], number[], (string | undefined)[]] = [[], [], []]
  let time: number | undefined
  let wrong: string | undefined
  for (const part of parts) {
    const [, label = '', sign, rest = ''] = PAIR.exec(part) ?? []
    const name = label.replaceAll('"', '').trim()
    if (!HAS_LETTER.test(name) || !Number.isNaN(parsePlainNumber(name)) || readTimeCell(part) !== undefined)
      return undefined
    const own = isTimeName(name) ? readTime(rest) : undefined
    if (own !== undefined) {
      time = own
      continue
    }
    const read = readValueText(rest, decimal)
    if (typeof read === 'string') return read
    if (read === undefined) {
      // Logs have texts among what they note as key=value.
      if (sign === ':') return `${excerpt(rest)} is not a number`
      wrong ??= `${excerpt(rest)} is not a number`
      continue
    }
    names.push(name)
    values.push(read.value)
    units.push(read.unit)
  }
  if (names.length === 0) return wrong
  return [{ names, values, units, time }]
}

/** Labels and values in turn, two pairs at least: `Sine\t0.598\tCosine\t-0.801`. */
function readBetweenTabs(text: string): readonly NamedValues[] | undefined {
  const cells = text.split('\t').map((cell) => cell.trim())
  if (cells.length < 4 || cells.length % 2 !== 0) return undefined
  const names = cells.filter((_, index) => index % 2 === 0)
  const values = cells.filter((_, index) => index % 2 === 1).map(parsePlainNumber)
  const isPairs = values.every(Number.isFinite) && names.every((name) => HAS_LETTER.test(name))
  return isPairs ? [{ names, values }] : undefined
}

/** Cuts a line where its pairs end. @returns What is wrong, in a clause. */
function splitPairs(text: string): string[] | string {
  const strong = [';', '\t', '|'].find((mark) => text.includes(mark))
  if (strong !== undefined) return trimParts(text.split(strong))
  if (text.includes(',')) {
    const parts = trimParts(text.split(','))
    const bare = parts.find((part) => !/[:=]/.test(part))
    if (bare === undefined || parts.some((part) => readTimeCell(part) !== undefined)) return parts
    const tokens = text.split(/\s+/)
    if (tokens.length > 1 && tokens.every((token) => TOKEN_PAIR.test(token) && !token.endsWith(',')))
      return tokens
    return `${excerpt(bare)} in it has no label: write decimal points, or semicolons between the pairs`
  }
  if ((text.match(/[:=]/g) ?? []).length === 1) return [text]
  return joinUnits(text.replaceAll(/"[^"]*"/g, (quoted) => quoted.replaceAll(' ', '\u00a0')))
}

/** Pairs between blanks: a word without a sign of its own is the unit of the value before it. */
function joinUnits(text: string): string[] | string {
  const parts: string[] = []
  for (const word of text.replaceAll(/\s*([:=])\s*/g, '$1').split(' ')) {
    if (word === '') continue
    if (/[:=]/.test(word)) parts.push(word)
    else if (parts.length === 0 || /^[\d+.-]/.test(word)) return `${excerpt(word)} in it has no label`
    else parts.push(`${parts.pop()} ${word}`)
  }
  return parts
}

function trimParts(parts: readonly string[]): string[] {
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function readTime(text: string): number | undefined {
  const cell = readTimeCell(text.replaceAll('"', ''))
  if (typeof cell === 'object') return toSeconds(cell)
  return fromEpoch(parsePlainNumber(text))
}
