import { element } from '../../page/elements.js'
import { formatBytes } from '../page/amounts.js'
import { announce, showNote } from '../page/notes.js'
import { FilmUpload } from './film-upload.js'

/**
 * Films that the guest uploads: chosen, or dropped anywhere on the page.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 */

/** The room takes no more of one guest at once. */
const MAX_RUNNING = 3
const MAX_WAITING = 50

/** @param {RoomSession} session @param {() => void} onAdd Called when something begins. */
export function takeUploads(session, onAdd) {
  const uploads = new Uploads(session)
  const files = /** @type {HTMLInputElement} */ (element('files'))
  const add = (/** @type {File[]} */ chosen) => {
    uploads.add(chosen)
    onAdd()
  }
  element('upload').addEventListener('click', () => files.click())
  files.addEventListener('change', () => {
    add([...(files.files ?? [])])
    files.value = ''
  })
  takeDrops((dropped) => session.stay === 'joined' && add(dropped))
  window.addEventListener('beforeunload', (event) => {
    if (uploads.isRunning) event.preventDefault()
  })
}

class Uploads {
  #session
  #list = element('uploads')
  /** @type {FilmUpload[]} */
  #uploads = []

  /** @param {RoomSession} session */
  constructor(session) {
    this.#session = session
  }

  /** Whether something is being sent. */
  get isRunning() {
    return this.#uploads.some(({ state }) => state === 'running')
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      const { maxUploadBytes } = this.#session.rules
      if (this.#uploads.length >= MAX_WAITING)
        return showNote('Too many at once: upload the others afterwards.')
      if (maxUploadBytes > 0 && file.size > maxUploadBytes) {
        showNote(`${file.name} is too large: a film may have ${formatBytes(maxUploadBytes)}.`)
        continue
      }
      const upload = new FilmUpload(
        file,
        () => this.#session.you.key,
        (changed) => this.#changed(changed),
      )
      this.#uploads.push(upload)
      this.#list.append(upload.element)
    }
    this.#fill()
  }

  /** @param {FilmUpload} upload */
  #changed(upload) {
    if (upload.state === 'done') announce('Uploaded')
    this.#uploads = this.#uploads.filter(({ element: shown, state }) => shown.isConnected && state !== 'done')
    queueMicrotask(() => this.#fill())
  }

  #fill() {
    let running = this.#uploads.filter(({ state }) => state === 'running').length
    for (const upload of this.#uploads) {
      if (upload.state !== 'waiting' || running >= MAX_RUNNING) continue
      running += 1
      void upload.start()
    }
  }
}

/** Takes files that are dropped anywhere. @param {(files: File[]) => void} onDrop */
function takeDrops(onDrop) {
  const cover = element('drop')
  let depth = 0
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false
  const show = (/** @type {number} */ next) => {
    depth = Math.max(0, next)
    cover.hidden = depth === 0
  }
  window.addEventListener('dragenter', (event) => hasFiles(event) && show(depth + 1))
  window.addEventListener('dragleave', (event) => hasFiles(event) && show(depth - 1))
  window.addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault())
  window.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    show(0)
    onDrop([...(event.dataTransfer?.files ?? [])])
  })
}
