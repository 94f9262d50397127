import { SourceError } from '@zcast/shared'
import { errorMessage, hideSecrets } from '@zcast/shared/internal'
import {
  HttpConnection,
  peerOf,
  requestTarget,
  type ConnectionOptions,
  type HttpAnswer,
} from './http-connection.ts'
import { headerOf } from './http-head.ts'
import { credentialsOf } from './credentials.ts'
import { challengesOf, HttpLogin } from './http-login.ts'
import { describeStatus } from './http-status.ts'
import { describeNetworkFailure } from './network-failure.ts'

const MAX_REDIRECTS = 5
const MAX_LOGINS = 3
/** The part of an unwanted answer that is read, so that its connection can be used again. */
const MAX_SKIPPED_BYTES = 64 * 1024

/**
 * Gets a URL, repeatedly: follows redirects to other http and https addresses, logs in when asked to, and keeps its
 * connection if the server does. A user name and password are sent only to the host they were given for.
 *
 * One answer is read at a time.
 */
export class HttpClient {
  /** The URL without its secrets. */
  readonly name: string
  readonly #url: URL
  readonly #options: ConnectionOptions
  readonly #login: HttpLogin | undefined
  #connection: HttpConnection | undefined
  #origin = ''

  constructor(url: URL, options: ConnectionOptions) {
    this.name = hideSecrets(url.href)
    this.#url = url
    this.#options = options
    const credentials = credentialsOf(url)
    this.#login = credentials && new HttpLogin(credentials)
  }

  /**
   * @param headers - Sent with every request.
   * @returns An answer with status 200 or 206.
   * @throws {@link SourceError} `ERR_SOURCE_FAILED` when there is none.
   */
  async get(headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    let url = this.#url
    let logins = 0
    for (let redirects = 0; redirects <= MAX_REDIRECTS;) {
      const login = url.origin === this.#url.origin ? this.#login : undefined
      const authorization = login?.authorize(requestTarget(url))
      const answer = await this.#ask(url, {
        ...headers,
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      })
      const { head } = answer
      if (head.status === 200 || head.status === 206) return answer
      const location = headerOf(head, 'location')
      if (
        (head.status === 401 || head.status === 403) &&
        login &&
        logins++ < MAX_LOGINS &&
        login.accept(head)
      ) {
        await this.#skip(answer)
      } else if (head.status >= 300 && head.status <= 399 && location !== '') {
        await this.#skip(answer)
        url = this.#redirect(url, location)
        redirects++
      } else {
        this.close()
        throw this.#refused(answer, url, login !== undefined)
      }
    }
    this.close()
    throw new SourceError('ERR_SOURCE_FAILED', `"${this.name}" redirects more than ${MAX_REDIRECTS} times`)
  }

  /** Closes the connection. May be called twice; another request opens a new one. */
  close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  async #ask(url: URL, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    try {
      const kept = this.#kept(url)
      if (kept) {
        try {
          return await kept.get(url, headers)
        } catch (error) {
          // The server may have closed the connection in the meantime.
          if (this.#options.signal.aborted) throw error
        }
      }
      this.close()
      this.#connection = await HttpConnection.open(url, this.#options)
      this.#origin = url.origin
      return await this.#connection.get(url, headers)
    } catch (error) {
      this.close()
      const reason =
        error instanceof SourceError ? errorMessage(error) : describeNetworkFailure(error, peerOf(url))
      throw new SourceError('ERR_SOURCE_FAILED', `cannot open "${this.name}": ${hideSecrets(reason)}`, {
        cause: error,
      })
    }
  }

  #kept(url: URL): HttpConnection | undefined {
    return this.#connection?.reusable && this.#origin === url.origin ? this.#connection : undefined
  }

  async #skip({ body, persistent }: HttpAnswer): Promise<void> {
    let bytes = 0
    try {
      if (persistent) for await (const chunk of body) if ((bytes += chunk.length) > MAX_SKIPPED_BYTES) break
    } catch {
      // Only the next answer matters.
    }
    if (!this.#connection?.reusable) this.close()
  }

  #redirect(from: URL, location: string): URL {
    const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined
    if (to?.protocol === 'http:' || to?.protocol === 'https:') return to
    throw new SourceError(
      'ERR_SOURCE_FAILED',
      `"${this.name}" redirects to something that is not http or https`,
    )
  }

  #refused({ head }: HttpAnswer, url: URL, hasCredentials: boolean): SourceError {
    const schemes = challengesOf(head).map(({ scheme }) => scheme)
    const elsewhere = !hasCredentials && this.#login !== undefined
    const answered = elsewhere
      ? `redirects to "${hideSecrets(url.origin + url.pathname)}", where the password is not sent, and which answered`
      : 'answered'
    const meaning = describeStatus(head.status, { hasCredentials, schemes })
    return new SourceError('ERR_SOURCE_FAILED', `"${this.name}" ${answered} ${meaning}`)
  }
}
