import { OptionError } from '@zcast/shared'

/** A piece of a filter. */
export type Token =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'name'; readonly value: string }
  | { readonly type: 'compare'; readonly value: Comparison }
  | { readonly type: 'and' | 'or' | 'not' | '(' | ')' | 'end' }

/** The comparisons that there are. */
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!='

/** A longer filter is refused. */
const MAX_LENGTH = 1000

const TOKEN =
  /\s*(?:(?<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\p{L}\w]))|'(?<single>[^']*)'|"(?<double>[^"]*)"|`(?<quoted>[^`]+)`|(?<compare><=|>=|==|!=|<|>|=)|(?<symbol>\(|\)|&&|\|\||!)|(?<name>[\p{L}_][\p{L}\p{N}_.\-/@%[\]]*))/uy

const WORDS: Readonly<Record<string, 'and' | 'or' | 'not' | '(' | ')'>> = {
  and: 'and',
  or: 'or',
  not: 'not',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
  '(': '(',
  ')': ')',
}

/** Splits a filter into its pieces. @throws {@link OptionError} `ERR_OPTION` when there is something else in it. */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH) throw new OptionError(`filter must have at most ${MAX_LENGTH} characters`)
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  let at = 0
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (!match)
      throw new OptionError(
        `filter cannot be read at "${text.slice(at).trim()}": write a comparison such as temp > 30`,
      )
    at = TOKEN.lastIndex
    tokens.push(toToken(match.groups ?? {}))
  }
  return [...tokens, { type: 'end' }]
}

function toToken({
  number,
  single,
  double,
  quoted,
  compare,
  symbol,
  name,
}: Record<string, string | undefined>): Token {
  if (number !== undefined) return { type: 'number', value: Number(number) }
  const literal = single ?? double
  if (literal !== undefined) return { type: 'text', value: literal }
  if (quoted !== undefined) return { type: 'name', value: quoted }
  if (compare !== undefined)
    return { type: 'compare', value: (compare === '=' ? '==' : compare) as Comparison }
  const word = WORDS[symbol ?? name ?? '']
  return word ? { type: word } : { type: 'name', value: name ?? '' }
}
