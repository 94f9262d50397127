import { parseTopic } from '@zcast/shared'

/** What a page asks for: a moment that stands still, the next picture before or after one, or to go on from there. */
export type PastQuestion = {
  readonly request: number
  /** Seconds since the Unix epoch. */
  readonly time: number
} & (
  | {
      readonly kind: 'at'
      /** Pixels: while the moment moves on, pictures need be no wider. */
      readonly width?: number
    }
  | { readonly kind: 'step'; readonly direction: -1 | 1 }
  | { readonly kind: 'play'; readonly speed: number }
)

/** The pictures that a page shows at once. */
const MOST_SHOWN = 64
const QUESTION = /^(at|step|play) (\d{1,9}) (\d{1,11}(?:\.\d{1,9})?)(?: (-?\d{1,5}(?:\.\d{1,4})?))?$/
const [SLOWEST, FASTEST] = [1 / 16, 16]
const [NARROWEST, WIDEST] = [16, 16_384]

/**
 * Reads what a page asks for: `at N T` or `at N T WIDTH`, `step N T 1` or `step N T -1`, `play N T SPEED`, with N a number of its own and T
 * in seconds since the Unix epoch.
 *
 * @returns `undefined` when it asks for something else.
 */
export function readPastQuestion(text: string): PastQuestion | undefined {
  const [, kind, request, at, value] = QUESTION.exec(text) ?? []
  if (kind === undefined) return undefined
  const asked = { request: Number(request), time: Number(at) }
  const given = Number(value ?? Number.NaN)
  if (kind === 'at') {
    if (value === undefined) return { ...asked, kind }
    return Number.isInteger(given) && given >= NARROWEST && given <= WIDEST
      ? { ...asked, kind, width: given }
      : undefined
  }
  if (kind === 'step') {
    return given === 1 || given === -1 ? { ...asked, kind, direction: given } : undefined
  }
  return given >= SLOWEST && given <= FASTEST ? { ...asked, kind: 'play', speed: given } : undefined
}

/**
 * Reads which pictures a page shows: `show TOPIC,TOPIC`, or `show` for none.
 *
 * @returns `undefined` when it asks for something else.
 */
export function readShownTopics(text: string): readonly string[] | undefined {
  if (text === 'show') return []
  if (!text.startsWith('show ')) return undefined
  const topics = text.slice('show '.length).split(',')
  const isRight = topics.length <= MOST_SHOWN && topics.every((topic) => parseTopic(topic) !== undefined)
  return isRight ? [...new Set(topics)] : undefined
}
