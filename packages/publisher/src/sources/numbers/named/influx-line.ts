import { fromEpoch } from '../epoch-time.ts'
import { parsePlainNumber } from '../parse-number.ts'
import type { NamedFormat, NamedValues } from './named-values.ts'

const LINE =
  /^([^\s,=:"]+)((?:,[^\s,=]+=(?:\\.|[^\s,\\])+)*)\s+((?:[^\s"]|"(?:[^"\\]|\\.)*")+)(?:\s+(\d{9,20}))?$/

const FIELD = /([^,=\s]+)=("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)/y

/** `weather,city=Berlin temp=21.5,hum=40i 1465839830100400200`, as InfluxDB and Telegraf write it. */
export const INFLUX_LINES: NamedFormat = { title: 'lines of InfluxDB', read: readInflux }

function readInflux(text: string): readonly NamedValues[] | string | undefined {
  const [, measurement, tags = '', fields = '', stamp] = LINE.exec(text) ?? []
  // Without tags and a time it is a label and its value.
  if (measurement === undefined || (tags === '' && stamp === undefined)) return undefined
  const prefix = [measurement, ...tagValues(tags)].join('.')
  const [names, values]: [string[], number[]] = [[], []]
  FIELD.lastIndex = 0
  while (FIELD.lastIndex < fields.length) {
    const [, key, text = ''] = FIELD.exec(fields) ?? []
    if (key === undefined) return 'its fields are not those of InfluxDB'
    const value = readField(text)
    if (value === undefined) continue
    names.push(`${prefix}.${key}`)
    values.push(value)
  }
  if (names.length === 0) return 'it holds no numbers'
  return [{ names, values, time: stamp === undefined ? undefined : fromEpoch(Number(stamp)) }]
}

/** What tells the line from others of its measurement; the host is the same for all that one writes. */
function tagValues(tags: string): string[] {
  return tags
    .split(/(?<!\\),/)
    .map((tag) => tag.replaceAll('\\', '').split('='))
    .flatMap(([key, value]) => (value === undefined || key === 'host' ? [] : [value]))
}

function readField(text: string): number | undefined {
  if (/^(?:t|true)$/i.test(text)) return 1
  if (/^(?:f|false)$/i.test(text)) return 0
  const value = parsePlainNumber(text.replace(/(?<=\d)[iu]$/, ''))
  return Number.isFinite(value) ? value : undefined
}
