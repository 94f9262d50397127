import { wrapWords } from './wrap-words.ts'

/** A term, as it is typed, and its meaning. */
export type Definition = readonly [term: string, meaning: string]

const INDENT = '  '

/** Terms that would take more than this share of the width have their meaning below. */
const MOST_OF_WIDTH = 0.4

/** The column in which the meanings of all these terms begin, so that several lists are aligned. */
export function meaningColumn(definitions: readonly Definition[], width: number): number {
  const most = Math.floor(width * MOST_OF_WIDTH)
  const columns = definitions.map(([term]) => INDENT.length + term.length + INDENT.length)
  return Math.max(0, ...columns.filter((column) => column <= most)) || most
}

/** Formats two columns, terms on the left, with meanings wrapped at words. */
export function formatDefinitions(
  definitions: readonly Definition[],
  width: number,
  column = meaningColumn(definitions, width),
): string[] {
  return definitions.flatMap(([term, meaning]) => {
    const start = INDENT + term
    const lines = wrapWords(meaning, width - column).map((line) => ' '.repeat(column) + line)
    if (start.length + INDENT.length > column) return [start, ...lines]
    return [start + (lines[0] as string).slice(start.length), ...lines.slice(1)]
  })
}

/** Formats command lines, each with its meaning, or with the meaning below where the two do not fit side by side. */
export function formatExamples(examples: readonly Definition[], width: number): string[] {
  const longest = Math.max(0, ...examples.map(([line]) => line.length))
  const isBeside = examples.every(([, meaning]) => INDENT.length + longest + 2 + meaning.length <= width)
  if (isBeside) return examples.map(([line, meaning]) => `${INDENT}${line.padEnd(longest)}  ${meaning}`)
  return examples.flatMap(([line, meaning]) => [
    ...continueLines(line, width),
    ...wrapWords(meaning, width - 6).map((text) => `      ${text}`),
  ])
}

/** Continues a long command line in the next line, so that it can still be copied. */
function continueLines(line: string, width: number): string[] {
  const lines = wrapWords(line, width - 6)
  return lines.map((text, index) => {
    const end = index < lines.length - 1 ? ' \\' : ''
    return `${index === 0 ? INDENT : `${INDENT}${INDENT}`}${text}${end}`
  })
}
