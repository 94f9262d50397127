import type { Envelope } from '@zcast/shared'

/** An array of numbers in its envelope: `values[0]` is the sequence number by default. */
export function numbersEnvelope(
  seq: number | undefined,
  { topic = 'numbers/random', epoch = 1, values = [seq ?? 0], time = 0 }: NumbersOptions = {},
): Envelope {
  const data = Float64Array.from(values)
  return { topic, epoch, block: { kind: 'numbers', seq, time, rows: 1, columns: data.length, data } }
}

/** Several rows of numbers in their envelope: a row holds its sequence number. */
export function rowsEnvelope(seq: number, rows: number, options: NumbersOptions = {}): Envelope {
  const { topic = 'numbers/random', epoch = 1, time = 0 } = options
  const data = Float64Array.from({ length: rows }, (_, row) => seq + row)
  return { topic, epoch, block: { kind: 'numbers', seq, time, rows, columns: 1, data } }
}

interface NumbersOptions {
  readonly topic?: string
  readonly epoch?: number | undefined
  readonly values?: readonly number[]
  readonly time?: number
}

/** The structure of a JPEG without a picture in it: only what the wire format requires. */
export function jpegShell(width: number, height: number, scan = scanOf(width, height)): Uint8Array {
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  const sof = [0xff, 0xc0, 0, 11, 8, ...size, 1, 1, 0x11, 0]
  const sos = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]
  return Uint8Array.from([0xff, 0xd8, ...sof, ...sos, ...scan, 0xff, 0xd9])
}

/** The minimum data of a picture of that size, for readers that count it. */
function scanOf(width: number, height: number): readonly number[] {
  const bytes =
    width * height > 1024 * 1024 ? Math.ceil((Math.ceil(width / 8) * Math.ceil(height / 8)) / 8) : 3
  return Array.from({ length: bytes }, () => 1)
}

/** A frame in its envelope. */
export function frameEnvelope(
  seq: number,
  { topic = 'video/main', epoch = 1, width = 16, height = 9, time = 0, retained = false }: FrameOptions = {},
): Envelope {
  const data = jpegShell(width, height)
  const block = { kind: 'video', seq, time, width, height, format: 'jpeg', data } as const
  return retained ? { topic, epoch, retained, block } : { topic, epoch, block }
}

interface FrameOptions {
  readonly topic?: string
  readonly epoch?: number
  readonly width?: number
  readonly height?: number
  readonly time?: number
  readonly retained?: boolean
}

/** A piece of sound in its envelope: every sample has the given value. */
export function soundEnvelope(
  seq: number,
  {
    topic = 'audio/main',
    epoch = 1,
    time = seq / 50,
    rate = 1000,
    channels = 1,
    samples = rate / 50,
    value = 1,
  }: SoundOptions = {},
): Envelope {
  const data = new Uint8Array(Int16Array.from({ length: samples * channels }, () => value).buffer)
  return { topic, epoch, block: { kind: 'audio', seq, time, rate, channels, samples, format: 's16', data } }
}

interface SoundOptions {
  readonly topic?: string
  readonly epoch?: number
  readonly time?: number
  readonly rate?: number
  readonly channels?: number
  readonly samples?: number
  readonly value?: number
}
