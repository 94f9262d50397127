import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { OptionError } from '../errors.ts'

/** What can stand in a header and in an address without being escaped beyond recognition. */
const TOKEN = /^[\x21-\x7e]{1,256}$/

/** A secret that opens a server to those who know it. Never printed: it has no way out but comparison. */
export class AccessToken {
  readonly #key = randomBytes(32)
  readonly #digest: Buffer
  readonly #cookie: string

  /** @throws {@link OptionError} when the token is not 1 to 256 printable ASCII characters without spaces. */
  constructor(token: string) {
    if (!TOKEN.test(token)) {
      throw new OptionError('the token must be 1 to 256 printable ASCII characters without spaces')
    }
    this.#digest = this.#hash(token)
    this.#cookie = createHmac('sha256', token).update('zcast session').digest('base64url')
  }

  /** Whether a candidate is the token; takes the same time wherever it differs, and whatever its length. */
  matches(candidate: string | undefined): boolean {
    return candidate !== undefined && timingSafeEqual(this.#hash(candidate), this.#digest)
  }

  /**
   * What a browser keeps instead of the token: derived from it, so that it outlives a restart of the server but
   * does not give the token away.
   */
  get cookie(): string {
    return this.#cookie
  }

  /** Whether a cookie's value is the one given out for this token; in constant time. */
  matchesCookie(candidate: string | undefined): boolean {
    return candidate !== undefined && timingSafeEqual(this.#hash(candidate), this.#hash(this.#cookie))
  }

  #hash(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest()
  }
}
