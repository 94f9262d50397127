import { MAX_COUNT } from './random-numbers-source.ts'

/**
 * Reads one array of numbers from a line: a JSON array (`[1, 2.5]`), or numbers separated by commas, semicolons or
 * blanks.
 *
 * @returns 1 to 1,000,000 finite numbers; `undefined` when the line is anything else.
 */
export function parseNumbers(line: string): Float64Array | undefined {
  const text = line.trim()
  const values = text.startsWith('[') ? parseJson(text) : text.split(/\s*[,;]\s*|\s+/).map(parseNumber)
  if (values.length < 1 || values.length > MAX_COUNT) return undefined
  const data = Float64Array.from(values)
  return data.every(Number.isFinite) ? data : undefined
}

function parseJson(text: string): number[] {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) && parsed.every((value) => typeof value === 'number') ? parsed : []
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** `Number('')` is 0 and `Number('0x10')` is 16: neither is what a table of numbers means. */
function parseNumber(text: string): number {
  // Unambiguous, so that a long line of junk is refused in one pass.
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
}
