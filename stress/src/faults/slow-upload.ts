import { setTimeout as delay } from 'node:timers/promises'

const PIECE_BYTES = 16 * 1024
/** Between two pieces, in milliseconds, so that it lasts until something happens. */
const APART_MS = 50
const TUS = { 'Tus-Resumable': '1.0.0' }

/** An upload that is sent in small pieces, one request each, and may be cut off at any of them. */
export class SlowUpload {
  /** Bytes that the room has said it has. */
  acknowledged = 0
  readonly #film: Buffer
  readonly #address: string
  #id = ''

  constructor(address: string, film: Buffer) {
    this.#address = `${address}/uploads/`
    this.#film = film
  }

  /** Sends what is left, until all of it is there or the room is gone. */
  async send(key: string, from = 0): Promise<void> {
    try {
      if (this.#id === '') await this.#begin(key)
      for (let offset = from; offset < this.#film.length; offset = this.acknowledged) {
        const body = this.#film.subarray(offset, offset + PIECE_BYTES)
        const part = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) }
        const { headers } = await this.#ask('PATCH', key, part, new Uint8Array(body))
        this.acknowledged = Number(headers.get('upload-offset'))
        if (from === 0) await delay(APART_MS)
      }
    } catch {
      // The room is gone, as it should be; where it should not, the film is missing at the end.
    }
  }

  /** What has arrived. */
  async offset(key: string): Promise<number> {
    return Number((await this.#ask('HEAD', key)).headers.get('upload-offset'))
  }

  async #begin(key: string): Promise<void> {
    const metadata = `filename ${Buffer.from('clip.mp4').toString('base64')}`
    const begun = { 'Upload-Length': String(this.#film.length), 'Upload-Metadata': metadata }
    this.#id = (await this.#ask('POST', key, begun)).headers.get('location') ?? ''
  }

  async #ask(
    method: string,
    key: string,
    more: Readonly<Record<string, string>> = {},
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const headers = { ...TUS, 'zcast-guest': key, ...more }
    const answer = await fetch(`${this.#address}${this.#id}`, { method, headers, ...(body && { body }) })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`${method} was answered ${answer.status}`)
    return answer
  }
}
