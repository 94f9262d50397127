import { addressOf } from '../../page/address.js'
import { make, say } from '../../page/elements.js'
import { formatBytes } from '../page/amounts.js'
import { loadTus } from './tus-library.js'

/**
 * A film on its way to the room: it goes on by itself after the connection was lost, also after the page was loaded anew
 * and the same file was chosen again.
 *
 * @typedef {'waiting' | 'running' | 'paused' | 'lost' | 'done' | 'refused'} UploadState
 */

/** How long is waited before each further try, in milliseconds; then the person is asked. */
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]

export class FilmUpload {
  element = make('li', 'upload')
  #file
  #key
  #onChange
  #bar = make('progress')
  #text = make('p', 'upload-state')
  #pause = makeButton('', () => this.#turn())
  /** @type {import('./tus-library.js').TusUpload | undefined} */
  #upload
  /** @type {UploadState} */
  #state = 'waiting'
  #sent = 0

  /** @param {File} file @param {() => string} key That of the guest at the time. @param {(upload: FilmUpload) => void} onChange */
  constructor(file, key, onChange) {
    this.#file = file
    this.#key = key
    this.#onChange = onChange
    const name = make('span', 'upload-name', file.name)
    name.dir = 'auto'
    this.#bar.max = 1
    this.#bar.value = 0
    this.#bar.setAttribute('aria-label', `How much of ${file.name} is there`)
    this.#text.setAttribute('role', 'status')
    const cancel = makeButton('×', () => void this.cancel())
    cancel.setAttribute('aria-label', `Cancel ${file.name}`)
    this.element.append(name, this.#pause, cancel, this.#bar, this.#text)
    this.#show('waiting', 'Waiting')
  }

  /** @returns {UploadState} */
  get state() {
    return this.#state
  }

  /** Begins, or goes on. */
  async start() {
    this.#show('running', 'Beginning')
    try {
      this.#upload ??= await this.#make()
    } catch (error) {
      return this.#show('refused', `${this.#file.name}: ${/** @type {Error} */ (error).message}`)
    }
    this.#upload.start()
  }

  /** Gives it up; what the room has of it is removed. */
  async cancel() {
    const isThere = Boolean(this.#upload?.url) && this.#state !== 'done'
    this.#state = 'refused'
    this.element.remove()
    this.#onChange(this)
    await this.#upload?.abort(isThere).catch(() => undefined)
  }

  #turn() {
    if (this.#state === 'running') {
      void this.#upload?.abort()
      this.#show('paused', `Paused at ${this.#tellSent()}`)
    } else void this.start()
  }

  async #make() {
    const tus = await loadTus()
    return new tus.Upload(this.#file, {
      endpoint: addressOf('uploads/').href,
      headers: { 'zcast-guest': this.#key() },
      metadata: { filename: this.#file.name },
      retryDelays: RETRY_MS,
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => !isRefusal(error),
      onProgress: (sent, total) => {
        this.#sent = sent
        this.#bar.value = total > 0 ? sent / total : 1
        if (this.#state === 'running')
          this.#show('running', sent < total ? this.#tellSent() : 'Being looked at')
      },
      onSuccess: () => {
        this.#show('done', 'There')
        this.element.remove()
      },
      onError: (error) => this.#fail(error),
    })
  }

  /** @param {any} error */
  #fail(error) {
    if (!isRefusal(error)) return this.#show('lost', `The connection was lost at ${this.#tellSent()}`)
    const reason = String(error.originalResponse?.getBody() ?? '').trim()
    this.#show('refused', `Not taken: ${reason || 'the room does not want it'}`)
  }

  #tellSent() {
    const percent = Math.floor((100 * this.#sent) / Math.max(this.#file.size, 1))
    return `${percent} %, ${formatBytes(this.#sent)} of ${formatBytes(this.#file.size)}`
  }

  /** @param {UploadState} state @param {string} text */
  #show(state, text) {
    const isOther = state !== this.#state
    this.#state = state
    this.element.dataset['state'] = state
    say(this.#text, text)
    const word = state === 'running' ? 'Pause' : 'Resume'
    say(this.#pause, word)
    this.#pause.setAttribute('aria-label', `${word} ${this.#file.name}`)
    this.#pause.hidden = !['running', 'paused', 'lost'].includes(state)
    if (isOther) this.#onChange(this)
  }
}

/** The room has looked at it and does not want it: another try would not help. @param {any} error */
function isRefusal(error) {
  const status = error.originalResponse?.getStatus() ?? 0
  return status >= 400 && status < 500 && ![409, 423, 429].includes(status)
}

/** @param {string} text @param {() => void} act */
function makeButton(text, act) {
  const button = make('button', '', text)
  button.type = 'button'
  button.addEventListener('click', act)
  return button
}
