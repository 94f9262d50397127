import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Envelope, MsgpackCodec } from '@zcast/shared'
import { ForeignPublisher } from '../support/foreign-publisher.ts'
import { PROJECT, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

/** The code blocks of a language in the document. */
async function codeBlocks(language: string): Promise<string[]> {
  const text = await readFile(join(PROJECT, 'docs', 'wire-format.md'), 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    (match) => match[1] as string,
  )
}

/** Reads the parts that are spelled out in a block: lines of `HEX ; meaning` below lines that name a part. */
function readParts(block: string): Buffer[] {
  const parts: Buffer[] = []
  for (const text of block.split(/^part /m).slice(1)) {
    const [heading, ...lines] = text.trim().split('\n')
    const bytes = Buffer.from(
      lines.map((line) => line.replace(/;.*/, '').replaceAll(/\s/g, '')).join(''),
      'hex',
    )
    expect(heading).toBe(`${parts.length}, ${bytes.length} bytes`)
    parts.push(bytes)
  }
  return parts
}

const topic = 'numbers/random'
const epoch = 3_409_167_953
const ENVELOPES: readonly Envelope[] = [
  {
    topic,
    epoch,
    block: {
      kind: 'numbers',
      seq: 42,
      time: 1785858421.977,
      rows: 1,
      columns: 3,
      data: Float64Array.of(8125.5, 41, -0.25),
    },
  },
  {
    topic,
    epoch,
    block: {
      kind: 'numbers',
      seq: 43,
      time: 1785858422,
      interval: 0.001,
      rows: 2,
      columns: 2,
      data: Float64Array.of(1.5, -2, Number.NaN, 41),
    },
  },
  {
    topic: 'audio/main',
    epoch,
    block: {
      kind: 'audio',
      seq: 42,
      time: 1785858421.977,
      rate: 8000,
      channels: 1,
      samples: 3,
      format: 's16',
      data: new Uint8Array(Int16Array.of(0, 1000, -2).buffer),
    },
  },
  {
    topic: 'chat/main',
    epoch,
    block: {
      kind: 'chat',
      seq: 42,
      time: 1785858421.977,
      id: 7,
      name: 'ann',
      guest: 'a1',
      data: Buffer.from('hé ☕!'),
    },
  },
]

describe('the bytes in docs/wire-format.md', () => {
  test.each([0, 1, 2, 3])('are those that are written and read: message %i', async (index) => {
    const envelope = ENVELOPES[index] as Envelope
    const parts = readParts((await codeBlocks('hex'))[index] as string)
    const codec = new MsgpackCodec()
    expect(codec.decode(parts)).toEqual(envelope)
    expect(codec.encode(envelope).map((part) => Buffer.from(part).toString('hex'))).toEqual(
      parts.map((part) => part.toString('hex')),
    )
  })

  test('are what a client prints when it receives them', async () => {
    await using publisher = await ForeignPublisher.open()
    const client = bench.start(['client', '3', '--json', '--messages', '3', '--connect', publisher.endpoint])
    await publisher.subscribed
    for (const block of await codeBlocks('hex')) await publisher.send(...readParts(block))
    const { stdout } = await client.ended
    expect(stdout.map((line) => JSON.parse(line) as unknown)).toEqual([
      { topic, epoch, seq: 42, time: 1_785_858_421.977, values: [8125.5, 41, -0.25] },
      { topic, epoch, seq: 43, time: 1_785_858_422, values: [1.5, -2] },
      { topic, epoch, seq: 44, time: 1_785_858_422.001, values: [null, 41] },
    ])
  })
})

describe('the Python in docs/wire-format.md', () => {
  test('is that of the examples, which the tests run', async () => {
    const files = ['subscriber.py', 'publisher.py', 'listener.py', 'chat.py'].map((name) =>
      readFile(join(PROJECT, 'examples', 'python', name), 'utf8'),
    )
    expect(await codeBlocks('python')).toEqual(await Promise.all(files))
  })
})
