import { describe, expect, test } from '@jest/globals'
import { readChoice, USUAL, writeChoice } from '../../../assets/chart/stream-choice.js'
import type { StreamChoice } from '../../../assets/chart/stream-choice.js'

describe('how a stream is shown, in an address', () => {
  test('reads as it was written', () => {
    const choices: StreamChoice[] = [
      { look: 'lines', fit: 'auto', hidden: [], drawn: [], axes: [0, 1] },
      { look: 'xy', fit: 'each', hidden: [0, 2, 3, 4, 9], drawn: [5, 190, 191], axes: [4, 0] },
      { look: 'table', fit: 'one', hidden: [1], drawn: [], axes: [0, 1] },
    ]
    for (const choice of choices) expect(readChoice(writeChoice(choice))).toEqual(choice)
    expect(choices.map((choice) => writeChoice(choice))).toEqual([
      '',
      'as:xy;fit:each;hide:0_2-4_9;draw:5_190-191;xy:4_0',
      'as:table;fit:one;hide:1',
    ])
  })

  test.each([
    'as:nothing;fit:;hide:x_-1_5-2_1e3;draw:;xy:3',
    'as:__proto__;xy:a_b;fit',
    ';;;:::',
    'as:lines:xy',
    '%00<script>',
  ])('is as usual where it says something else: %s', (text) => {
    expect(readChoice(text)).toEqual(USUAL)
  })

  test('holds no more positions than are reasonable', () => {
    expect(readChoice('hide:0-9999999').hidden).toHaveLength(4096)
  })
})
