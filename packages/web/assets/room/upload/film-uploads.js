import { addressOf } from '../../page/address.js'
import { loadTusClient } from './tus-client.js'
import { readFailure, toSentence } from './upload-failure.js'

/**
 * Films on their way to the room: two at a time, the others wait. One whose connection is lost goes on by itself from
 * where it was, also after the room was started anew; and after a reload of the page, once its file is added again.
 *
 * @typedef {object} FilmUpload
 * @property {number} id
 * @property {string} name
 * @property {number} bytes
 * @property {number} sentBytes
 * @property {'waiting' | 'sending' | 'paused' | 'lost' | 'checking' | 'done' | 'refused'} state `lost` goes on by itself;
 *   `checking` while the room looks whether it is a video.
 * @property {string} reason A sentence: why it is `refused`, or `lost` where that is known; else empty.
 *
 * @typedef {object} FilmUploadsOptions
 * @property {() => string} key The guest's key at the moment.
 * @property {() => number} maxBytes The largest file that the room takes.
 * @property {(uploads: readonly FilmUpload[]) => void} onChange Called whenever something changes.
 */

const AT_ONCE = 2
/** Files that one person adds at once, at most. */
const MAX_UPLOADS = 100
/** Proxies hold back a request until it is whole: its progress would jump, and a long one would be cut off. */
const CHUNK_BYTES = 16 * 1024 * 1024
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000]
/** Progress is told this often. */
const TELL_MS = 200

/**
 * @typedef {object} Entry
 * @property {FilmUpload} shown
 * @property {File} file
 * @property {import('tus-js-client').Upload} [upload]
 * @property {ReturnType<typeof setTimeout>} [retry]
 * @property {number} failures Since it last got on.
 * @property {string} refused What the room said of a complete file.
 */

export class FilmUploads {
  #options
  /** @type {Map<number, Entry>} */
  #entries = new Map()
  #lastId = 0
  #isTelling = false

  /** @param {FilmUploadsOptions} options */
  constructor(options) {
    this.#options = options
    addEventListener('online', () => this.goOn())
  }

  /** All of them, in the order in which they were added. @returns {readonly FilmUpload[]} */
  get uploads() {
    return [...this.#entries.values()].map(({ shown }) => Object.assign({}, shown))
  }

  /** True while something would be lost if the page were closed. */
  get isBusy() {
    return this.uploads.some(({ state }) => state !== 'done' && state !== 'refused')
  }

  /** Adds files, such as those of a `drop` or of a file input. @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      if (this.#entries.size >= MAX_UPLOADS) break
      const id = (this.#lastId += 1)
      /** @type {FilmUpload} */
      const shown = { id, name: file.name, bytes: file.size, sentBytes: 0, state: 'waiting', reason: '' }
      const entry = { shown, file, failures: 0, refused: '' }
      this.#entries.set(id, entry)
      if (file.size === 0) this.#refuse(entry, 'The file is empty.')
      else if (file.size > this.#options.maxBytes()) {
        const size = formatSize(this.#options.maxBytes())
        this.#refuse(entry, `The file is too large: the room takes up to ${size}.`)
      }
    }
    this.#next()
  }

  /** @param {number} id */
  pause(id) {
    const entry = this.#entries.get(id)
    if (!entry || !['waiting', 'sending', 'lost'].includes(entry.shown.state)) return
    this.#turn(entry, 'paused')
    void entry.upload?.abort()
    this.#next()
  }

  /** @param {number} id */
  resume(id) {
    const entry = this.#entries.get(id)
    if (entry?.shown.state !== 'paused') return
    entry.failures = 0
    this.#turn(entry, 'waiting')
    this.#next()
  }

  /** Takes one off the list; what the room has of an unfinished one is removed there. @param {number} id */
  remove(id) {
    const entry = this.#entries.get(id)
    if (!entry) return
    clearTimeout(entry.retry)
    this.#entries.delete(id)
    const isComplete = ['done', 'refused'].includes(entry.shown.state)
    // Where this does not arrive, it expires.
    if (!isComplete) entry.upload?.abort(true).catch(() => undefined)
    this.#next()
  }

  /** Goes on with all that were lost, such as when the page has joined the room again. */
  goOn() {
    for (const entry of this.#entries.values()) if (entry.shown.state === 'lost') this.#turn(entry, 'waiting')
    this.#next()
  }

  #next() {
    const entries = [...this.#entries.values()]
    const running = entries.filter(({ shown }) => ['sending', 'checking'].includes(shown.state))
    const waiting = entries.filter(({ shown }) => shown.state === 'waiting')
    for (const entry of waiting.slice(0, Math.max(0, AT_ONCE - running.length))) void this.#send(entry)
    this.#tell()
  }

  /** @param {Entry} entry */
  async #send(entry) {
    this.#turn(entry, 'sending')
    try {
      entry.upload ??= await this.#prepare(entry)
      if (entry.shown.state === 'sending') entry.upload.start()
    } catch {
      this.#lose(entry, '')
    }
  }

  /** @param {Entry} entry */
  async #prepare(entry) {
    const { Upload } = await loadTusClient()
    const address = addressOf('uploads/')
    const token = address.searchParams.get('token')
    address.search = ''
    const upload = new Upload(entry.file, {
      endpoint: address.href,
      metadata: { filename: entry.file.name },
      chunkSize: CHUNK_BYTES,
      // Lost connections come back at other times than it expects, see below.
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => {
        request.setHeader('zcast-guest', this.#options.key())
        if (token !== null) request.setHeader('Authorization', `Bearer ${token}`)
      },
      onAfterResponse: (request, response) => {
        const status = response.getStatus()
        // It would begin anew, while the room or a proxy is only not ready yet.
        if (request.getMethod() === 'HEAD' && status >= 400 && status !== 404 && status !== 410)
          throw new Error('the room is not ready')
        entry.refused = decodeURIComponent(response.getHeader('zcast-refused') ?? '')
      },
      onProgress: (sent, bytes) => {
        if (sent > entry.shown.sentBytes) entry.failures = 0
        entry.shown.sentBytes = sent
        if (entry.shown.state === 'sending' && sent === bytes) this.#turn(entry, 'checking')
        this.#tell()
      },
      onSuccess: () => {
        if (entry.refused === '') this.#turn(entry, 'done')
        else this.#refuse(entry, toSentence(entry.refused))
        this.#next()
      },
      onError: (error) => this.#fail(entry, error),
    })
    const [earlier] = await upload.findPreviousUploads().catch(() => [])
    if (earlier) upload.resumeFromPreviousUpload(earlier)
    return upload
  }

  /** @param {Entry} entry @param {Error | import('tus-js-client').DetailedError} error */
  #fail(entry, error) {
    if (!['sending', 'checking'].includes(entry.shown.state)) return
    const { isLasting, reason } = readFailure(error)
    if (isLasting) this.#refuse(entry, reason)
    else this.#lose(entry, reason)
    this.#next()
  }

  /** @param {Entry} entry @param {string} reason */
  #refuse(entry, reason) {
    this.#turn(entry, 'refused')
    entry.shown.reason = reason
  }

  /** @param {Entry} entry @param {string} reason */
  #lose(entry, reason) {
    this.#turn(entry, 'lost')
    entry.shown.reason = reason
    const wait = RETRY_MS[Math.min(entry.failures, RETRY_MS.length - 1)]
    entry.failures += 1
    entry.retry = setTimeout(() => {
      if (entry.shown.state === 'lost') this.#turn(entry, 'waiting')
      this.#next()
    }, wait)
  }

  /** @param {Entry} entry @param {FilmUpload['state']} state */
  #turn(entry, state) {
    clearTimeout(entry.retry)
    entry.shown.state = state
    entry.shown.reason = ''
    this.#tell()
  }

  #tell() {
    if (this.#isTelling) return
    this.#isTelling = true
    setTimeout(() => {
      this.#isTelling = false
      this.#options.onChange(this.uploads)
    }, TELL_MS)
  }
}

/** @param {number} bytes */
function formatSize(bytes) {
  return bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${Number((bytes / 2 ** 30).toFixed(1))} GiB`
}
