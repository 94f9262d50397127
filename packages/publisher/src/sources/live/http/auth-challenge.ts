/** An authentication method that a server offers. */
export interface AuthChallenge {
  /** In lower case: `basic`, `digest`, ... */
  readonly scheme: string
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>
}

const SKIPPED = /[\s,]+/y
const TOKEN = /[^\s,="]+/y
const VALUE = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s,"]*))/sy
// A challenge may carry data of its own form instead of parameters, as Negotiate does.
const DATA = / +[\w.~+/-]+=*(?=\s*(?:,|$))/y

/**
 * Parses the challenges of `WWW-Authenticate`: several may be in one header, separated by commas just like their
 * parameters.
 *
 * @param values - The header's values, one for each occurrence.
 */
export function parseChallenges(values: readonly string[]): AuthChallenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  for (const text of values) {
    let at = 0
    const match = (expression: RegExp): RegExpExecArray | null => {
      expression.lastIndex = at
      const found = expression.exec(text)
      if (found) at = expression.lastIndex
      return found
    }
    while (at < text.length) {
      match(SKIPPED)
      const word = match(TOKEN)?.[0]
      const value = word === undefined ? null : match(VALUE)
      if (word === undefined) at++
      else if (value) {
        const plain = value[1]?.replaceAll(/\\(.)/gs, '$1') ?? value[2] ?? ''
        challenges.at(-1)?.parameters.set(word.toLowerCase(), plain)
      } else {
        challenges.push({ scheme: word.toLowerCase(), parameters: new Map() })
        match(DATA)
      }
    }
  }
  return challenges
}
