import { parseTopic } from '@zcast/shared'

/** What a page asks for: a moment that stands still, the next picture before or after one, or to go on from there. */
export type PastQuestion = {
  readonly request: number
  /** Seconds since the Unix epoch. */
  readonly time: number
} & (
  | { readonly kind: 'at' }
  | { readonly kind: 'step'; readonly direction: -1 | 1 }
  | { readonly kind: 'play'; readonly speed: number }
)

/** The pictures that a page shows at once. */
const MOST_SHOWN = 64
const QUESTION = /^(at|step|play) (\d{1,9}) (\d{1,11}(?:\.\d{1,9})?)(?: (-?\d{1,2}(?:\.\d{1,4})?))?$/
const [SLOWEST, FASTEST] = [1 / 16, 16]

/**
 * Reads what a page asks for: `at N T`, `step N T 1` or `step N T -1`, `play N T SPEED`, with N a number of its own and T
 * in seconds since the Unix epoch.
 *
 * @returns `undefined` when it asks for something else.
 */
export function readPastQuestion(text: string): PastQuestion | undefined {
  const [, kind, request, at, value] = QUESTION.exec(text) ?? []
  if (kind === undefined) return undefined
  const asked = { request: Number(request), time: Number(at) }
  if (kind === 'at') return value === undefined ? { ...asked, kind } : undefined
  const given = Number(value ?? Number.NaN)
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
