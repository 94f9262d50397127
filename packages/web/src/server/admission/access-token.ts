import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { OptionError } from '@zcast/shared'

/** Characters that can be used in a header and in an address without heavy escaping; shorter tokens can be guessed. */
const TOKEN = /^[\x21-\x7e]{16,256}$/

/** A secret that opens a server to those who know it. Never printed: it can only be compared. */
export class AccessToken {
  readonly #key = randomBytes(32)
  readonly #digest: Buffer

  /** @throws {@link OptionError} when the token is not 16 to 256 printable ASCII characters without spaces. */
  constructor(token: string) {
    if (!TOKEN.test(token)) {
      throw new OptionError(
        'the token must be 16 to 256 printable ASCII characters without spaces, best random ones: openssl rand -hex 16',
      )
    }
    this.#digest = this.#hash(token)
  }

  /** True when a candidate is the token; takes the same time wherever it differs, and whatever its length. */
  matches(candidate: string): boolean {
    return timingSafeEqual(this.#hash(candidate), this.#digest)
  }

  /**
   * The value that a browser keeps instead of the token. It is valid only for this run of the server: browsers send
   * cookies to every port of a host, and keep them longer than people expect.
   */
  get cookie(): string {
    return this.#hash(`cookie ${this.#digest.toString('hex')}`).toString('base64url')
  }

  /** True when a cookie's value is the one issued by this run; in constant time. */
  matchesCookie(candidate: string): boolean {
    return timingSafeEqual(this.#hash(candidate), this.#hash(this.cookie))
  }

  #hash(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest()
  }
}
