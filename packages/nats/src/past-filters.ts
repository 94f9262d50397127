import { isSubjectOf, isWhole, subjectOf, subjectsOf } from './subjects.ts'

/**
 * What a server is to give of a stream, so that all that some prefixes stand for is in it; `undefined` for everything.
 * A topic with large messages in parts has two subjects, and servers before 2.10 take one filter: they give the whole
 * kind.
 *
 * @param subjects - What is in the stream.
 * @param version - Of the server.
 */
export function pastFilters(
  prefixes: readonly string[],
  subjects: readonly string[],
  version: string | undefined,
): string | string[] | undefined {
  if (subjects.every((subject) => prefixes.some((prefix) => isSubjectOf(subject, prefix)))) return undefined
  if (takesSeveral(version)) {
    const filters = prefixes.flatMap((prefix) =>
      isWhole(prefix) ? subjectsOf(prefix) : [subjectOf(prefix), `${subjectOf(prefix)}.*`],
    )
    // A server refuses those that overlap.
    return filters.filter((filter) => !filters.some((other) => other !== filter && covers(other, filter)))
  }
  const kinds = new Set(prefixes.map((prefix) => prefix.slice(0, prefix.indexOf('/') + 1)))
  return kinds.size === 1 ? subjectsOf([...kinds].join(''))[0] : undefined
}

function takesSeveral(version = ''): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 10)
}

function covers(wide: string, subject: string): boolean {
  const [wideParts, parts] = [wide.split('.'), subject.split('.')]
  for (const [index, part] of wideParts.entries()) {
    if (part === '>') return parts.length > index
    if (part !== parts[index] && (part !== '*' || parts[index] === undefined || parts[index] === '>'))
      return false
  }
  return wideParts.length === parts.length
}
