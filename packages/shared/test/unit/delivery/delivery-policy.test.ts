import { describe, expect, test } from '@jest/globals'
import { MAX_QUEUE_LENGTH, parseDeliveryPolicy } from '../../../src/delivery/delivery-policy.ts'

describe('parseDeliveryPolicy', () => {
  test.each(['latest', 'all', 'queue:1', 'queue:100000'])('%s is a policy', (text) => {
    expect(parseDeliveryPolicy(text)).toBe(text)
  })

  test('leading zeros are dropped', () => {
    expect(parseDeliveryPolicy('queue:007')).toBe('queue:7')
  })

  test.each([
    '',
    'newest',
    'LATEST',
    'all ',
    'queue',
    'queue:',
    'queue:0',
    'queue:-1',
    'queue:1.5',
    'queue:NaN',
  ])('%j is none', (text) => {
    expect(() => parseDeliveryPolicy(text)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('a queue has a stated limit', () => {
    expect(() => parseDeliveryPolicy(`queue:${MAX_QUEUE_LENGTH + 1}`)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})
