import { describe, expect, test } from '@jest/globals'
import { sliceRows, type Frame, type ChatBlock, type NumbersBlock, type SoundBlock } from '../../src/block.ts'
import { parseDeliveryPolicy } from '../../src/delivery/delivery-policy.ts'
import { isLoopback, parseEndpoint } from '../../src/endpoint.ts'
import {
  isKind,
  isSourceKind,
  KIND_CHOICES,
  KIND_NAMES,
  KINDS,
  sliceValues,
  SOURCE_KINDS,
  valueCount,
} from '../../src/kinds.ts'
import { formatTopic } from '../../src/topic.ts'

const NUMBERS: NumbersBlock = {
  kind: 'numbers',
  seq: 10,
  time: 100,
  rows: 3,
  columns: 2,
  data: Float64Array.of(1, 2, 3, 4, 5, 6),
}
const FRAME: Frame = { kind: 'video', time: 0, width: 1, height: 1, format: 'jpeg', data: new Uint8Array() }

const SOUND: SoundBlock = {
  kind: 'audio',
  time: 0,
  rate: 48_000,
  channels: 1,
  samples: 1,
  format: 's16',
  data: new Uint8Array(2),
}

const WORDS: ChatBlock = { kind: 'chat', time: 0, id: 1, name: 'ann', guest: '', data: new Uint8Array(2) }

describe('kinds', () => {
  test.each(KIND_NAMES)('%s has a place on this machine, a stream and a way of delivery', (kind) => {
    const { endpoint, stream, delivery } = KINDS[kind]
    expect(isLoopback(parseEndpoint(endpoint))).toBe(true)
    expect(formatTopic(kind, stream)).toBe(`${kind}/${stream}`)
    expect(parseDeliveryPolicy(delivery)).toBe(delivery)
  })

  test('those of sources have an endpoint each, and a room has one for what people say', () => {
    const endpoints = KIND_NAMES.map((kind) => KINDS[kind].endpoint)
    expect(new Set(endpoints).size).toBe(SOURCE_KINDS.length + 1)
    expect(KINDS.voice.endpoint).toBe(KINDS.chat.endpoint)
  })

  test('only their own names name them', () => {
    for (const kind of KIND_NAMES) expect(isKind(kind)).toBe(true)
    for (const name of ['', 'Video', 'constructor', '__proto__', undefined]) expect(isKind(name)).toBe(false)
    expect(KIND_CHOICES).toBe('numbers, video, or audio')
  })

  test('what people say is published by no source', () => {
    expect(KIND_NAMES.filter((kind) => !isSourceKind(kind))).toEqual(['voice', 'chat'])
    expect(SOURCE_KINDS).toEqual(['numbers', 'video', 'audio'])
  })

  test('a block of numbers counts its rows, a frame, a piece of sound and a message count as one', () => {
    expect(valueCount(NUMBERS)).toBe(3)
    expect(valueCount(FRAME)).toBe(1)
    expect(valueCount(SOUND)).toBe(1)
    expect(valueCount(WORDS)).toBe(1)
  })

  test('a part of numbers is some rows, a part of anything else is all of it', () => {
    expect(sliceValues(NUMBERS, 1, 2)).toEqual(sliceRows(NUMBERS, 1, 2))
    expect(sliceValues(FRAME, 0, 1)).toBe(FRAME)
    expect(sliceValues(SOUND, 0, 1)).toBe(SOUND)
    expect(sliceValues(WORDS, 0, 1)).toBe(WORDS)
  })
})
