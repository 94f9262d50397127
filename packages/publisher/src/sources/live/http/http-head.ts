/** The part of an answer before its body. */
export interface HttpHead {
  readonly status: number
  /** The beginning of the first line, in capitals: `HTTP/1.1`, `ICY`, `RTSP/1.0`. */
  readonly protocol: string
  /** All values of each header, by its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/** The largest size of an answer's first line and headers, in bytes. */
export const MAX_HEAD_BYTES = 64 * 1024

const STATUS_LINE = /^(HTTP\/?[\d.]*|ICY|RTSP\/[\d.]+)[ \t]+(\d{3})(?:\D|$)/i

/**
 * Finds the end of an answer's head: an empty line, whatever its lines end with.
 *
 * @returns The position after it; -1 when it has not come yet.
 */
export function findHeadEnd(bytes: Buffer): number {
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1
    if (bytes[next] === 10) return next + 1
  }
  return -1
}

/**
 * Parses an answer's head as leniently as cameras need it: lines end in CRLF or LF, lines that are not headers are
 * skipped, and any bytes may be in a value.
 *
 * @returns `undefined` when it does not begin like an answer.
 */
export function parseHead(bytes: Buffer): HttpHead | undefined {
  // A line that begins with a space continues the previous one.
  const lines = bytes
    .toString('latin1')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
  const status = STATUS_LINE.exec(lines.shift() ?? '')
  if (!status) return undefined
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    const key = name.toLowerCase()
    const values = headers.get(key)
    if (values) values.push(value)
    else headers.set(key, [value])
  }
  return { protocol: (status[1] as string).toUpperCase(), status: Number(status[2]), headers }
}

/** The first value of a header; `''` when there is none. */
export function headerOf({ headers }: HttpHead, name: string): string {
  return headers.get(name)?.[0] ?? ''
}

/** The declared type of an answer, in lower case and without its parameters; `''` when there is none. */
export function mediaType(head: HttpHead): string {
  return /^[^;,\s]*/.exec(headerOf(head, 'content-type').toLowerCase())?.[0] ?? ''
}
