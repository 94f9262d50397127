import { describe, expect, test } from '@jest/globals'
import { readPastQuestion, readShownTopics } from '../../../src/history/past-question.ts'

describe('what a page asks of the past', () => {
  test('is a moment, a step, or to play from a moment on', () => {
    expect(readPastQuestion('at 3 1795685491.593384')).toEqual({
      kind: 'at',
      request: 3,
      time: 1795685491.593384,
    })
    expect(readPastQuestion('at 4 10 320')).toEqual({ kind: 'at', request: 4, time: 10, width: 320 })
    expect(readPastQuestion('step 4 10 -1')).toEqual({ kind: 'step', request: 4, time: 10, direction: -1 })
    expect(readPastQuestion('play 5 10 0.25')).toEqual({ kind: 'play', request: 5, time: 10, speed: 0.25 })
  })

  test.each([
    'at',
    'at 1',
    'at 1 -5',
    'at 1 10 1',
    'at 1 10 320.5',
    'at 1 10 99999',
    'at 1 10 -320',
    'at 1 1e9',
    'at x 10',
    'step 1 10',
    'step 1 10 2',
    'play 1 10',
    'play 1 10 0',
    'play 1 10 17',
    'play 1 10 -1',
    'at 1 10\nplay 1 10 1',
    'at 9999999999 10',
  ])('is nothing else: %j', (text) => {
    expect(readPastQuestion(text)).toBeUndefined()
  })

  test('names the pictures that are in sight, each once, and no more than fit a page', () => {
    expect(readShownTopics('show')).toEqual([])
    expect(readShownTopics('show video/a,video/b,video/a')).toEqual(['video/a', 'video/b'])
    expect(readShownTopics('show video/a,../b')).toBeUndefined()
    expect(
      readShownTopics(`show ${Array.from({ length: 65 }, (_, at) => `video/${at}`).join()}`),
    ).toBeUndefined()
    expect(readShownTopics('at 1 10')).toBeUndefined()
  })
})
