import { make, say } from '../page/elements.js'

/** Columns after the stream. */
const COLUMNS = 8
const NONE = Array.from({ length: COLUMNS - 1 }, () => ({ text: '–' }))

/** @typedef {import('../../src/page/page-messages.ts').DashboardReport['streams'][number]} DashboardStream */

/** How each stream is doing; the name of each leads to where it is shown. */
export class StreamsTable {
  #body
  /** By topic; subscriptions without a stream by a number. @type {Map<string, HTMLElement[]>} */
  #rows = new Map()

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#body = body
  }

  /**
   * @param {readonly DashboardStream[]} streams
   * @param {readonly string[]} waiting The states of the subscriptions that have no stream yet.
   */
  show(streams, waiting) {
    const keys = new Set()
    const put = (/** @type {string} */ key, /** @type {HTMLElement} */ name, /** @type {Cell[]} */ cells) => {
      keys.add(key)
      const row = this.#rows.get(key) ?? this.#add(key, name)
      for (const [at, { text, kind = '' }] of cells.entries()) {
        say(row[at], text)
        row[at].className = kind
      }
    }
    for (const stream of streams) put(stream.topic, makeLink(stream.topic), cellsOf(stream))
    for (const [at, state] of waiting.entries()) {
      put(String(at), make('span', '', 'no stream yet'), [stateCell(state), ...NONE])
    }
    for (const [key, [cell]] of this.#rows) {
      if (keys.has(key)) continue
      cell.parentElement?.remove()
      this.#rows.delete(key)
    }
  }

  /** @param {string} key @param {HTMLElement} name */
  #add(key, name) {
    const row = make('tr')
    const header = make('th')
    header.setAttribute('scope', 'row')
    header.append(name)
    const cells = Array.from({ length: COLUMNS }, () => make('td'))
    row.append(header, ...cells)
    this.#body.append(row)
    this.#rows.set(key, cells)
    return cells
  }
}

/** @typedef {{ text: string, kind?: string }} Cell */

/** @param {string} topic */
function makeLink(topic) {
  const link = make('a', '', topic)
  link.setAttribute('href', `#${encodeURIComponent(topic)}`)
  return link
}

/** @param {string} state @returns {Cell} */
function stateCell(state) {
  return { text: state, kind: state === 'live' ? 'live' : 'warn' }
}

/** @param {DashboardStream} stream @returns {Cell[]} */
function cellsOf(stream) {
  const latency = (/** @type {number | undefined} */ ms) =>
    stream.clocksDiffer ? { text: 'clocks differ', kind: 'warn' } : { text: formatMs(ms) }
  return [
    stateCell(stream.state),
    { text: stream.fps.toFixed(1) },
    latency(stream.latencyMs?.p50),
    latency(stream.latencyMs?.p99),
    { text: String(stream.received) },
    { text: String(stream.lost ?? 'unknown'), kind: (stream.lost ?? 0) > 0 ? 'warn' : '' },
    { text: String(stream.skipped) },
    { text: String(stream.invalid), kind: stream.invalid > 0 ? 'warn' : '' },
  ]
}

/** @param {number | undefined} ms */
function formatMs(ms) {
  return ms === undefined ? '–' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}
