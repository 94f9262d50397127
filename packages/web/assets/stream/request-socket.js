/**
 * What a page uses in place of a WebSocket where a proxy lets none through: each request takes along what is to be
 * said, and is answered with one message, or with nothing after a second.
 */

/** After a picture the page says what it wants next; longer than this it is not waited for. */
const SILENT_MS = 1000
/** A browser has six connections to a server; some have to be left for everything else. */
const MAX_AT_ONCE = 4
/** The server takes no more at once. */
const MAX_TEXTS = 16

let running = 0
/** @type {(() => void)[]} */
const waiting = []

export class RequestSocket extends EventTarget {
  binaryType = 'arraybuffer'
  /** @type {number} */
  readyState = WebSocket.CONNECTING
  #address
  #name
  /** @type {string[]} */
  #texts = []
  #requests = 0
  #said = () => {}

  /** @param {URL} address Its scheme is http or https. */
  constructor(address) {
    super()
    this.#address = address
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    this.#name = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    void this.#run()
  }

  /** @param {string} text */
  send(text) {
    this.#texts.push(text)
    this.#said()
    // The server waits for something to answer with, and has to hear this before.
    if (this.#requests > 0) queueMicrotask(() => this.#texts.length > 0 && void this.#exchange())
  }

  close() {
    if (this.readyState === WebSocket.OPEN) void this.#request(['close']).catch(() => undefined)
    this.#end()
  }

  async #run() {
    if (!(await this.#exchange(['open']))) return
    while (this.readyState === WebSocket.OPEN) await this.#exchange()
  }

  /**
   * Says what is to be said, and hands over what comes.
   *
   * @param {string[]} [flags]
   * @returns {Promise<boolean>} False when it ended.
   */
  async #exchange(flags = []) {
    const data = await this.#ask(flags).catch(() => undefined)
    if (data === undefined) this.#end()
    if (data === undefined || this.readyState >= WebSocket.CLOSING) return false
    if (this.readyState === WebSocket.CONNECTING) {
      this.readyState = WebSocket.OPEN
      this.dispatchEvent(new Event('open'))
    }
    if (data !== '') await this.#hand(data)
    return true
  }

  /**
   * @param {string[]} flags
   * @returns {Promise<string | ArrayBuffer>} Empty when there was nothing to tell.
   */
  async #ask(flags) {
    this.#requests += 1
    if (running >= MAX_AT_ONCE) await new Promise((resolve) => waiting.push(() => resolve(undefined)))
    running += 1
    try {
      const response = await this.#request(flags)
      if (response.status !== 200 && response.status !== 204) throw new Error(response.statusText)
      const isBinary = response.headers.get('content-type') === 'application/octet-stream'
      return isBinary ? await response.arrayBuffer() : await response.text()
    } finally {
      running -= 1
      this.#requests -= 1
      waiting.shift()?.()
    }
  }

  /** @param {string[]} flags */
  #request(flags) {
    const address = new URL(this.#address)
    for (const flag of flags) address.searchParams.set(flag, '')
    const texts = this.#texts.splice(0, MAX_TEXTS)
    // Not in the address, which may be in the logs of a proxy.
    const said = texts.length > 0 ? { method: 'POST', body: JSON.stringify(texts) } : {}
    const keepalive = flags.includes('close')
    return fetch(address, { ...said, headers: { 'Zcast-Channel': this.#name }, cache: 'no-store', keepalive })
  }

  /** @param {string | ArrayBuffer} data */
  async #hand(data) {
    const said = new Promise((resolve) => {
      this.#said = () => resolve(undefined)
    })
    this.dispatchEvent(new MessageEvent('message', { data }))
    if (typeof data === 'string') return
    let timer
    const silence = new Promise((resolve) => {
      timer = setTimeout(resolve, SILENT_MS)
    })
    await Promise.race([said, silence])
    clearTimeout(timer)
  }

  #end() {
    if (this.readyState === WebSocket.CLOSED) return
    this.readyState = WebSocket.CLOSED
    this.dispatchEvent(new Event('close'))
  }
}
