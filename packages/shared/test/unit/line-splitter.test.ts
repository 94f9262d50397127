import { PassThrough, Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { splitLines } from '../../src/line-splitter.ts'

async function split(chunks: readonly Uint8Array[], maxBytes?: number): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = []
  for await (const line of splitLines(Readable.from(chunks), maxBytes)) lines.push(line)
  return lines
}

const text = (value: string): Uint8Array[] => [Buffer.from(value)]

describe('splitLines', () => {
  test('ends are \\n, \\r\\n or \\r, and the last line need not end', async () => {
    expect(await split(text('a\nb\r\n\nc\rd\ne'))).toEqual(['a', 'b', '', 'c', 'd', 'e'])
    expect(await split(text('a\r\rb\r'))).toEqual(['a', '', 'b'])
    expect(await split([...text('a\r'), ...text(''), ...text('\nb')])).toEqual(['a', 'b'])
    expect(await split(text('a\n'))).toEqual(['a'])
    expect(await split(text('\n'))).toEqual([''])
    expect(await split([])).toEqual([])
  })

  test('chunks may end anywhere, inside a character too', async () => {
    const lines = fc.array(fc.string({ unit: 'binary' }).map((line) => line.replaceAll(/[\r\n]/g, '')))
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (list, sizes) => {
          const bytes = Buffer.from(list.map((line) => `${line}\n`).join(''))
          const chunks: Uint8Array[] = []
          for (let at = 0; at < bytes.length;) {
            const end = at + Number(sizes.at(chunks.length % sizes.length))
            chunks.push(bytes.subarray(at, end))
            at = end
          }
          expect(await split(chunks)).toEqual(list.map((line) => Buffer.from(line).toString()))
        },
      ),
    )
  })

  test('any bytes give the same lines however they are cut, with lines that are too long among them', async () => {
    const bytes = fc.array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xc3, 0xa9), { maxLength: 80 })
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (list, size) => {
        const stream = Buffer.from(list)
        const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
          stream.subarray(index * size, (index + 1) * size),
        )
        expect(await split(chunks, 6)).toEqual(await split([stream], 6))
      }),
      { numRuns: 100 },
    )
  })

  test('a line that ends in \\r comes before the byte behind it does', async () => {
    const input = new PassThrough()
    const lines = splitLines(input)
    for (const line of ['1,2', '3,4']) {
      input.write(`${line}\r`)
      expect(await lines.next()).toEqual({ done: false, value: line })
    }
    input.end('\n')
    expect((await lines.next()).done).toBe(true)
  })

  test('a line that is too long is given up once, and the next one is read', async () => {
    const chunks = [...text('1234\n12345'), ...text('67890'), ...text('1234\nabc\n'), ...text('123456')]
    expect(await split(chunks, 4)).toEqual(['1234', undefined, 'abc', undefined])
  })
})
