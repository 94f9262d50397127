/** Parses JSON as Python writes it, with NaN and Infinity. @throws SyntaxError when it is something else. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // A text is matched whole, so that nothing within it is replaced; one without an end up to the end of all, so that
    // it is looked through once.
    const plain = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|-?\bInfinity\b|\bNaN\b/gs, (found) =>
      found.startsWith('"') ? found : found === 'NaN' ? 'null' : found.startsWith('-') ? '-1e999' : '1e999',
    )
    if (plain === text) throw error
    return JSON.parse(plain)
  }
}

/** A number as JSON; what JSON cannot write is null. */
export function formatNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null'
}

/**
 * A number as JSON that every reader takes for a floating-point one: `5.0`. PlotJuggler's JSON lost whole numbers that
 * changed their sign.
 */
export function formatFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  const text = formatNumber(value)
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}
