import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { unreadableSource } from '@zcast/shared/internal'
import { isNothing } from './is-nothing.ts'
import { LineNumbersSource, type LineNumbersOptions } from './line-numbers-source.ts'
import { NumbersReader } from './numbers-reader.ts'
import type { NumbersFormat } from './table/table-options.ts'
import { toUtf8 } from './utf16-text.ts'

/** As much as is read at once. */
const LOOKED_AT_BYTES = 64 * 1024

/**
 * Opens a file of numbers, which is played at the times of its rows; one row a second where they have none.
 *
 * @throws {@link SourceError} `ERR_SOURCE_UNREADABLE` when it cannot be read.
 */
export async function openNumbersFile(
  path: string,
  options: LineNumbersOptions = {},
): Promise<LineNumbersSource> {
  const sentence = await describeBeginning(path, options)
  if (sentence !== undefined) options.onFormat?.(sentence)
  const onFormat = (other: string): void => {
    if (other !== sentence) options.onFormat?.(other)
  }
  return new LineNumbersSource(createReadStream(path), { ...options, onFormat, pace: options.pace ?? {} })
}

/** What the file will be taken for: worth a word before the first subscriber is there. */
async function describeBeginning(path: string, format: NumbersFormat): Promise<string | undefined> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED_AT_BYTES), 0, LOOKED_AT_BYTES, 0)
    const chunks: Buffer[] = []
    for await (const chunk of toUtf8(single(buffer.subarray(0, bytesRead)))) chunks.push(Buffer.from(chunk))
    const lines = Buffer.concat(chunks)
      .toString('utf8')
      .split(/\r\n?|\n/)
    if (bytesRead === LOOKED_AT_BYTES) lines.pop()
    return describeLines(lines, format)
  } catch (error) {
    throw unreadableSource(path, error)
  }
}

function describeLines(lines: readonly string[], format: NumbersFormat): string | undefined {
  const reader = new NumbersReader(format)
  reader.look(lines)
  let sentence: string | undefined
  for (const [index, line] of lines.entries()) {
    if (isNothing(line)) reader.readComment(line)
    else reader.read(line, index + 1)
    sentence = reader.takeSentence() ?? sentence
  }
  return sentence
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
