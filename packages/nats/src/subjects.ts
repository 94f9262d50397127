/** What every subject of zcast begins with. */
const ROOT = 'zc.'

/** First parts of subjects that are no topics: see `docs/wire-format.md`. A topic may begin with the same word. */
const RESERVED: ReadonlySet<string> = new Set(['want', 'here', 'begin'])

/** Subscribers say here what they want, each on a subject of its own below it. */
export const WANT = `${ROOT}want.`

/** Publishers say here that they are there. */
export const HERE = `${ROOT}here`

/** Below it publishers send topics for those who want a beginning of their names. */
const BEGIN = `${ROOT}begin.`

/** A longer name has no subject; no topic of zcast is longer than 130 characters, and that of a lane than 160. */
export const MAX_NAME_LENGTH = 512

// The letters of topics, without the dot; all other bytes are written as %XX.
const OTHERS = /[^A-Za-z0-9!@_-]/g

/**
 * The subject of a topic: `video@360p/cam.1` becomes `zc.video@360p.cam~1`. `/` is `.`, and `.` is `~`, which topics do
 * not allow. Whatever else a name of another program holds is written as `%XX`, and an empty part as `%`, so that every
 * text of bytes has one subject, and comes back from it.
 */
export function subjectOf(topic: string): string {
  return ROOT + encode(topic)
}

function encode(topic: string): string {
  return topic
    .split('/')
    .map((part, index) => encodePart(part, index === 0))
    .join('.')
}

function encodePart(part: string, isFirst: boolean): string {
  if (part === '') return '%'
  const encoded = part.replaceAll(OTHERS, (letter) => (letter === '.' ? '~' : escape(letter)))
  return isFirst && RESERVED.has(encoded) ? escape(encoded[0] as string) + encoded.slice(1) : encoded
}

function escape(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** The topic of a subject; `undefined` for one that belongs to no topic. */
export function topicOf(subject: string): string | undefined {
  if (!subject.startsWith(ROOT)) return undefined
  const parts = subject.slice(ROOT.length).split('.')
  if (RESERVED.has(parts[0] as string)) return undefined
  return parts.map((part) => (part === '%' ? '' : decodePart(part))).join('/')
}

function decodePart(part: string): string {
  return part
    .replaceAll('~', '.')
    .replaceAll(/%([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** True when a prefix stands for whole parts: everything, or a kind (`video/`). Its subject is a wildcard. */
export function isWhole(prefix: string): boolean {
  return prefix === '' || prefix.endsWith('/')
}

/**
 * The subject of part 2 and of further ones of a large message: a stream that keeps the newest message of a subject
 * keeps all parts.
 */
export function partSubject(subject: string, part: number): string {
  return part === 1 ? subject : `${subject}.${part}`
}

/**
 * The subject, without its last part, on which a publisher sends a topic once more for those who want a beginning of its
 * name: NATS matches whole parts of names only.
 */
export function beginSubject(prefix: string): string {
  return BEGIN + encode(prefix)
}

/** True for the subjects below {@link beginSubject}, which name their topic in a header. Elsewhere it counts for nothing. */
export function isBegin(subject: string): boolean {
  return subject.startsWith(BEGIN)
}

/**
 * The topic of a message.
 *
 * @param part - Its number among the parts of a large message; 1 for a whole one.
 * @param named - `Zc-Topic`, which anybody may have written: it is believed only where the subject names no topic.
 */
export function topicNamedBy(subject: string, part: number, named: string | undefined): string | undefined {
  if (!isBegin(subject)) return topicOf(part > 1 ? subject.slice(0, subject.lastIndexOf('.')) : subject)
  try {
    return named ? decodeURIComponent(named) : undefined
  } catch {
    return undefined
  }
}

/** True for a subject, also one with wildcards, on which nothing comes but what a topic or a whole prefix stands for. */
export function isSubjectOf(subject: string, prefix: string): boolean {
  if (prefix === '') return subject.startsWith(ROOT)
  const base = subjectOf(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
  if (prefix.endsWith('/')) return subject.startsWith(`${base}.`)
  return subject === base || (subject.startsWith(`${base}.`) && !subject.includes('.', base.length + 1))
}

/** The subjects that a prefix is subscribed to. */
export function subjectsOf(prefix: string): readonly string[] {
  if (prefix === '') return [`${ROOT}>`]
  if (prefix.endsWith('/')) return [`${subjectOf(prefix.slice(0, -1))}.>`]
  const subject = subjectOf(prefix)
  return [subject, `${subject}.*`, `${beginSubject(prefix)}.*`]
}
