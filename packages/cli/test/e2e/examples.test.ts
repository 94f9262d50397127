import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { PROJECT, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

describe('the examples', () => {
  test('numbers.js sends and receives in one program, and ends', async () => {
    const program = bench.launch(process.execPath, [join(PROJECT, 'examples', 'numbers.js')])
    const { status, stdout, stderr } = await program.ended
    expect(stderr).toEqual([])
    expect(status).toBe(0)
    const rows = stdout.map((line) => line.split(' ').map(Number))
    expect(rows).toHaveLength(5)
    for (const [index, [seq, ...values]] of rows.entries()) {
      expect(seq).toBe((rows[0]?.[0] as number) + index)
      expect(values).toHaveLength(3)
      for (const value of values) expect(value >= 0 && value < 10_000).toBe(true)
    }
  })
})
