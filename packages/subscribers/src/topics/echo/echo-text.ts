import { escapeControls, formatHeading } from '@zcast/shared/internal'
import type { PartLook } from '../look/part-look.ts'
import type { EchoRecord } from './echo-record.ts'

/** Values and characters of a line; the rest is only counted. JSON has all of them. */
const MAX_VALUES = 64
const MAX_TEXT = 1000
const MAX_BYTES = 32

/** A record as one line for people. */
export function formatRecord(record: EchoRecord): string {
  const { topic, seq, time, retained, invalid } = record
  const start = [
    topic === '' ? '(no topic)' : topic,
    ...(seq === undefined ? [] : [`#${seq}`]),
    ...(time === undefined ? [] : [formatTime(time)]),
    ...(retained ? ['(again)'] : []),
  ]
  const body = invalid === undefined ? formatBody(record) : `INVALID: ${invalid}`
  return escapeControls([...start, body].join(' '))
}

/** A time of day on this machine, to the millisecond. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return `time ${seconds}`
  const two = (value: number): string => String(value).padStart(2, '0')
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`
}

/** One field, for people and for programs that read lines. */
export function formatField(value: unknown): string {
  if (value === undefined) return '-'
  return escapeControls(typeof value === 'string' ? value : JSON.stringify(value))
}

function formatBody(record: EchoRecord): string {
  const { values, width, height, compression, samples, rate, channels, bytes, parts } = record
  if (values) return formatValues(record, values)
  if (width !== undefined) return `${width}x${height} ${(compression ?? '').toUpperCase()}, ${bytes} bytes`
  if (samples !== undefined)
    return `${samples} samples, ${rate} Hz, ${channels} ${channels === 1 ? 'channel' : 'channels'}, ${compression}, ${bytes} bytes`
  if (record.text !== undefined) return `${record.name}: ${cut(record.text)}`
  const content = record.content ?? []
  return (parts ?? []).map((part, index) => formatPart(part, content[index])).join(' | ')
}

function formatValues({ names, units }: EchoRecord, values: Float64Array): string {
  const shown = Array.from(values.subarray(0, MAX_VALUES), (value, index) => {
    const name = names?.[index]
    const unit = units?.[index] || undefined
    return name === undefined ? String(value) : `${formatHeading(name, unit)}=${value}`
  })
  const more = values.length > MAX_VALUES ? ` ... ${values.length - MAX_VALUES} more` : ''
  return `${shown.join(' ')}${more}`
}

function formatPart(part: PartLook, content: Uint8Array | undefined): string {
  const { looks, bytes, text, value } = part
  if (looks === 'empty') return '(empty)'
  if (looks === 'msgpack') return cut(JSON.stringify(value, replaceBytes))
  if (text !== undefined) return cut(text)
  if (looks === 'JPEG' || looks === 'PNG') return `${part.width}x${part.height} ${looks}, ${bytes} bytes`
  if (looks === 'a Python pickle')
    return `a Python pickle, protocol ${part.protocol}, ${bytes} bytes (not read: reading one can run programs)`
  const hex = Buffer.from(content?.subarray(0, MAX_BYTES) ?? []).toString('hex')
  return `${bytes} ${looks}: ${hex}${bytes > MAX_BYTES ? '...' : ''}`
}

function cut(text: string): string {
  return text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT)} ... ${text.length - MAX_TEXT} characters more`
}

/** Bytes within JSON, as base64. */
export function replaceBytes(_: string, value: unknown): unknown {
  // What JSON makes of a Buffer before this is called.
  const data =
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
      ? value
      : undefined
  if (data && 'data' in data && Array.isArray(data.data))
    return Buffer.from(data.data as number[]).toString('base64')
  return value
}
