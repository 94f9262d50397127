import { expect, test } from '@jest/globals'
import { PublisherTable } from '../../src/publisher-table.ts'

test('other programs, which say nothing of themselves, are forgotten 5 s after their last message', () => {
  const table = new PublisherTable(
    () => undefined,
    () => undefined,
  )
  table.heardSomething(0)
  table.heardSomething(4000)
  table.forget(8000)
  expect(table.count).toBe(1)
  table.forget(9001)
  expect(table.count).toBe(0)
  table.heardSomething(10_000)
  expect(table.count).toBe(1)
})
