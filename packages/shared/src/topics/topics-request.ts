/** A subscription to this is the question which topics a publisher has. No other topic begins like this. */
export const TOPICS_TOPIC = '!topics'

const TOKEN = /^!topics\/[A-Za-z0-9_-]{22}$/

/** True for the question, whose answers come on a topic of the same name: `!topics`, or `!topics/<token>`. */
export function isTopicsRequest(prefix: string): boolean {
  return prefix === TOPICS_TOPIC || TOKEN.test(prefix)
}

/**
 * The topic of a question that is answered for itself, at once: the answer's time can then be compared with that of the
 * question.
 *
 * @param token - 22 of `A-Z a-z 0-9 _ -`, drawn at random for each question.
 */
export function topicsRequest(token: string): string {
  return `${TOPICS_TOPIC}/${token}`
}
