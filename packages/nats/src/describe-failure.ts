import type { RefusalReason } from '@zcast/shared/internal'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import { errors } from './nats-library.ts'

/** Why there is no connection, in a word and a clause. */
export interface LinkFailure {
  readonly reason: RefusalReason
  readonly detail: string | undefined
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host cannot be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'it ended the connection',
}

/** Describes an error of the library. */
export function describeLinkFailure(error: unknown): LinkFailure {
  const code = codeOf(error)
  if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError)
    return { reason: 'credentials', detail: undefined }
  if (error instanceof errors.PermissionViolationError)
    return { reason: 'not-permitted', detail: `${error.operation} ${error.subject}` }
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return { reason: 'credentials', detail: 'the file with them cannot be read' }
  const text = errorMessage(error)
  if (/slow consumer/i.test(text)) return { reason: 'too-slow', detail: undefined }
  if (code !== undefined && CERTIFICATE.test(code)) return { reason: 'certificate', detail: code }
  if (/certificate|self.signed/i.test(text)) return { reason: 'certificate', detail: undefined }
  if (error instanceof errors.TimeoutError) return { reason: 'no-server', detail: 'no answer' }
  if (/credential|nkey|seed|jwt/i.test(text)) return { reason: 'credentials', detail: 'they cannot be read' }
  return {
    reason: 'no-server',
    detail: SENTENCES[code ?? ''] ?? (/refused/.test(text) ? SENTENCES['ECONNREFUSED'] : text),
  }
}

function codeOf(error: unknown): string | undefined {
  const own = systemErrorCode(error)
  if (own !== undefined) return own
  const cause = (error as { cause?: unknown } | undefined)?.cause
  return cause === undefined ? undefined : codeOf(cause)
}
