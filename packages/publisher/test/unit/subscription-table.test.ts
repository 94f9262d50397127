import { describe, expect, test } from '@jest/globals'
import { SubscriptionTable } from '../../src/subscription-table.ts'

describe('SubscriptionTable', () => {
  test('a topic is wanted while some prefix of it is', () => {
    const table = new SubscriptionTable()
    expect(table.wants('video/main')).toBe(false)
    table.record('video/', true)
    table.record('video/main', true)
    expect(table.wants('video/main')).toBe(true)
    expect(table.wants('video@360p/main')).toBe(false)
    table.record('video/main', false)
    expect(table.wants('video/main')).toBe(true)
    table.record('video/', false)
    expect(table.wants('video/main')).toBe(false)
  })

  test('the empty prefix wants everything', () => {
    const table = new SubscriptionTable()
    table.record('', true)
    expect(table.wants('numbers/random')).toBe(true)
  })

  test('a prefix told of again and again ends once', () => {
    const table = new SubscriptionTable()
    for (let peer = 0; peer < 3; peer++) table.record('a', true)
    table.record('a', false)
    expect(table.wants('a')).toBe(false)
    table.record('a', false)
    table.record('a', true)
    expect(table.wants('a')).toBe(true)
  })

  test('tells how many subscriptions to some topics were made', () => {
    const table = new SubscriptionTable()
    for (const prefix of ['video/', 'video/main', 'video/main', 'numbers/', '']) table.record(prefix, true)
    expect(table.made(['video/main', 'video@360p/main'])).toBe(4)
    expect(table.made(['numbers/random'])).toBe(2)
    table.record('video/main', false)
    expect(table.made(['video/main'])).toBe(2)
  })

  test('a peer that asks for tens of thousands of things makes everything wanted rather than fill the memory', () => {
    const table = new SubscriptionTable()
    for (let index = 0; index < 10_000; index++) table.record(`x${index}`, true)
    table.record('x1', true)
    expect(table.wants('video/main')).toBe(false)
    table.record('one more', true)
    expect(table.wants('video/main')).toBe(true)
  })

  test('once the last of those beyond has ended, only what is asked for is wanted again', () => {
    const table = new SubscriptionTable()
    for (let index = 0; index < 10_000; index++) table.record(`x${index}`, true)
    table.record('video/main', true)
    table.record('one more', true)
    for (let index = 0; index < 10_000; index++) table.record(`x${index}`, false)
    table.record('one more', false)
    expect(table.wants('video/main')).toBe(true)
    table.record('video/main', false)
    table.record('numbers/', true)
    expect(table.wants('numbers/random')).toBe(true)
    expect(table.wants('video/main')).toBe(false)
  })
})
