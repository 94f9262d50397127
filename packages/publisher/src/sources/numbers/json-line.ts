/** Reads a JSON array of finite numbers. @returns What is wrong, in a clause, when it is anything else. */
export function readJsonLine(text: string): Float64Array | string {
  const parsed = parse(text)
  if (parsed === undefined) return 'it begins with a bracket and is not JSON'
  if (!Array.isArray(parsed)) return 'it is not a JSON array'
  const wrong: unknown = parsed.find((value) => typeof value !== 'number')
  if (wrong !== undefined) return 'its array holds something else than numbers'
  if (parsed.length === 0) return 'its array is empty'
  return Float64Array.from(parsed as number[])
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
