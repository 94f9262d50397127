import { checkColumnLabels, OptionError } from '@zcast/shared'
import type { NumbersFormat } from '@zcast/publisher'
import type { Arguments } from '../reading/arguments.ts'
import type { OptionSpecs } from '../option-spec.ts'

/** How numbers of a source are to be read. */
export const NUMBERS_FORMAT_OPTIONS: OptionSpecs = {
  columns: {
    type: 'string',
    value: 'NAMES',
    describe:
      'names of the columns of a source, as in temp,hum; of a table with a heading, which ones to take',
  },
  'time-column': {
    type: 'string',
    value: 'COLUMN',
    describe:
      'column of a source that holds times: its name, its number from 1 on, or none [default: detected]',
  },
  separator: {
    type: 'string',
    value: 'SIGN',
    describe: 'what stands between the cells of a source: , ; | tab or blank [default: detected]',
  },
  decimal: {
    type: 'string',
    value: 'SIGN',
    choices: ['.', ','],
    describe: 'decimal sign of a source [default: a point, or a comma where the separator leaves no doubt]',
  },
  speed: {
    type: 'string',
    value: 'FACTOR',
    describe: 'how many times faster a file of numbers is played than it was recorded [default: 1]',
  },
}

const SEPARATORS: Readonly<Record<string, NumbersFormat['separator']>> = {
  ',': ',',
  ';': ';',
  '|': '|',
  tab: '\t',
  '\t': '\t',
  '\\t': '\t',
  blank: ' ',
  ' ': ' ',
}

/** @throws {@link OptionError} when one of the options is wrong. */
export function readNumbersFormat(args: Arguments): NumbersFormat {
  const separator = args.text('separator')
  const decimal = args.text('decimal')
  const columns = readColumns(args)
  if (separator !== undefined && !Object.hasOwn(SEPARATORS, separator))
    throw new OptionError(`separator must be one of , ; | tab or blank, got "${separator}"`)
  if (separator === ',' && decimal === ',')
    throw new OptionError('separator and decimal are both a comma: one of them must be another sign')
  return {
    columns,
    timeColumn: args.text('time-column'),
    separator: separator === undefined ? undefined : SEPARATORS[separator],
    decimal: decimal === undefined ? undefined : decimal === ',' ? 'comma' : 'point',
  }
}

/** @throws {@link OptionError} when one is given although there is no source that it could be for. */
export function refuseNumbersFormat(args: Arguments): void {
  const given = Object.keys(NUMBERS_FORMAT_OPTIONS).find((name) => args.text(name) !== undefined)
  if (given === undefined) return
  throw new OptionError(`${given} is for numbers of a source: name one, as in "publish numbers data.csv"`)
}

/** Names between commas. @throws {@link OptionError} when one is empty or too long. */
export function readColumns(args: Arguments, option = 'columns'): readonly string[] | undefined {
  const names = args
    .text(option)
    ?.split(',')
    .map((name) => name.trim())
  if (!names) return undefined
  if (names.includes('')) throw new OptionError(`${option} has an empty name`)
  return checkColumnLabels({ names }).names
}
