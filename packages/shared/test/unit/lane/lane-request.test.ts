import { describe, expect, test } from '@jest/globals'
import { formatLaneRequest, parseLaneRequest, type LaneRequest } from '../../../src/lane/lane-request.ts'

const name = 'abcdefghijklmnopqrstuv'
const key = 'ABCDEFGHIJKLMNOPQRST-_'

describe('the requests about lanes', () => {
  test.each<[LaneRequest, string]>([
    [
      { type: 'open', name, key, epoch: 4_294_967_295, topic: 'video@360p/main' },
      `!lane ${name} ${key} 4294967295 video@360p/main`,
    ],
    [{ type: 'acknowledge', key, seq: 17 }, `!ack ${key} 17`],
    [{ type: 'end', key }, `!end ${key}`],
    [{ type: 'ask', name, subscription: 'video/main' }, `!lanes ${name} video/main`],
    [{ type: 'ask', name, subscription: 'video@360p/' }, `!lanes ${name} video@360p/`],
  ])('%j is written as text and read again', (request, text) => {
    expect(Buffer.from(formatLaneRequest(request)).toString()).toBe(text)
    expect(parseLaneRequest(Buffer.from(text))).toEqual(request)
  })

  test.each([
    '',
    '!',
    '!lane',
    `!lane ${name} ${key} 5 video/`,
    `!lane ${name} ${key} 5 ../etc`,
    `!lane ${name} short 5 video/main`,
    `!lane ${name} ${key} -5 video/main`,
    `!lane ${name} ${key} 5 video/main more`,
    `!ack ${key} 1.5`,
    `!ack ${key} `,
    `!ack ${key} 17\n`,
    `!end ${key} 1`,
    `!lanes ${name} `,
    `!lanes ${name} video`,
    `!lanes ${name} video/ video/`,
    `!lanes short video/`,
    `!lane ${name} ${key} 5 video/${'x'.repeat(200)}`,
    '\u0001video/main',
  ])('%j is none of them', (text) => {
    expect(parseLaneRequest(Buffer.from(text, 'latin1'))).toBeUndefined()
  })
})
