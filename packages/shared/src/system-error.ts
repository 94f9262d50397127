import { errorMessage, systemErrorCode } from './errors.ts'

// Codes of Node and of zcast (ERR_...) mean nothing to the reader of the log.
const SYSTEM_CODE = /^E(?!RR_)[A-Z0-9_]+$/
const MAX_DEPTH = 8

/** The first system code (`EADDRINUSE`) of anything thrown, including its causes. */
export function findSystemCode(error: unknown): string | undefined {
  let current = error
  for (let depth = 0; depth < MAX_DEPTH && current !== undefined; depth++) {
    const code = systemErrorCode(current)
    if (code !== undefined && SYSTEM_CODE.test(code)) return code
    current =
      typeof current === 'object' && current !== null && 'cause' in current ? current.cause : undefined
  }
  return undefined
}

/** The message with the system code of its cause in parentheses, unless it already contains it. */
export function withSystemCode(message: string, cause: unknown): string {
  const code = findSystemCode(cause)
  return code === undefined || message.includes(code) ? message : `${message} (${code})`
}

/** A file system error as part of a sentence: `no space left on device (ENOSPC)`. */
export function describeSystemError(error: unknown): string {
  const text = errorMessage(error)
  const reason = /^E[A-Z0-9_]+: ([^,]+)/.exec(text)?.[1] ?? text
  return withSystemCode(reason, error)
}
