import http from 'node:http'
import https from 'node:https'
import { errorMessage, SourceError, systemErrorCode } from '@zcast/shared'
import { hideCredentials } from './source-url.ts'

const MAX_REDIRECTS = 5

/**
 * Asks for a URL, with the name and password in it as Basic authentication, and follows redirects to other http and
 * https addresses; a name and password go to the host they were given for, and nowhere else.
 *
 * @param silenceMs - The longest time without a byte; the answer is then destroyed with an error.
 * @throws {@link SourceError} `ERR_SOURCE_FAILED` when there is no good answer.
 */
export async function openHttpBody(
  url: URL,
  { silenceMs, signal }: { readonly silenceMs: number; readonly signal: AbortSignal },
): Promise<http.IncomingMessage> {
  const name = hideCredentials(url.href)
  let next = url
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await request(next, { name, silenceMs, signal })
    const { statusCode = 0, headers } = answer
    if (statusCode === 200) return answer
    answer.destroy()
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) {
      throw new SourceError('ERR_SOURCE_FAILED', `"${name}" answered ${statusCode}${hint(statusCode)}`)
    }
    next = redirect(next, headers.location, name)
  }
  throw new SourceError('ERR_SOURCE_FAILED', `"${name}" redirects more than ${MAX_REDIRECTS} times`)
}

function redirect(from: URL, location: string, name: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:') {
    throw new SourceError('ERR_SOURCE_FAILED', `"${name}" redirects to something that is not http or https`)
  }
  to.username = to.origin === from.origin ? from.username : ''
  to.password = to.origin === from.origin ? from.password : ''
  return to
}

function hint(status: number): string {
  if (status === 401 || status === 403)
    return ': give the name and password in the URL, in the configuration file'
  return status === 404 ? ': check the address' : ''
}

function request(
  url: URL,
  {
    name,
    silenceMs,
    signal,
  }: { readonly name: string; readonly silenceMs: number; readonly signal: AbortSignal },
): Promise<http.IncomingMessage> {
  const { username, password } = url
  const auth = username || password ? `${decode(username)}:${decode(password)}` : null
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      const reason = systemErrorCode(error) ?? errorMessage(error)
      const options = { cause: error }
      reject(
        new SourceError('ERR_SOURCE_FAILED', `cannot open "${name}": ${hideCredentials(reason)}`, options),
      )
    }
    const client = url.protocol === 'https:' ? https : http
    // A connection of its own: one kept for later would outlive the source.
    const options = { agent: false, auth, signal, headers: { 'User-Agent': 'zcast', Accept: '*/*' } } as const
    const asked = client.get(url, options, resolve)
    asked.setTimeout(silenceMs, () => asked.destroy(new Error(`nothing came for ${silenceMs / 1000} s`)))
    asked.on('error', fail)
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
