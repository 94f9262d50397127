import { element } from '../../page/elements.js'
import { announce } from '../page/notes.js'
import { FilmUploads } from '../upload/film-uploads.js'
import { UploadRow } from './upload-row.js'

/**
 * Films that the guest uploads: chosen, or dropped anywhere on the page.
 *
 * @typedef {import('../session/room-session.js').RoomSession} RoomSession
 */

/** @param {RoomSession} session @param {() => void} onAdd Called when something begins. */
export function takeUploads(session, onAdd) {
  const uploads = new FilmUploads({
    key: () => session.you.key,
    maxBytes: () => session.rules.maxUploadBytes,
    onChange: (all) => show(all),
  })
  const files = /** @type {HTMLInputElement} */ (element('files'))
  /** @type {Map<number, UploadRow>} */
  const rows = new Map()

  /** @param {readonly import('./upload-row.js').FilmUpload[]} all */
  function show(all) {
    const ids = new Set(all.map(({ id }) => id))
    for (const [id, row] of rows) {
      if (ids.has(id)) continue
      row.element.remove()
      rows.delete(id)
    }
    for (const upload of all) {
      const row = rows.get(upload.id) ?? new UploadRow(upload, uploads)
      rows.set(upload.id, row)
      if (!row.element.isConnected) element('uploads').append(row.element)
      row.show(upload)
      // It is among the films from now on.
      if (upload.state !== 'done') continue
      announce(`${upload.name} is there`)
      uploads.remove(upload.id)
    }
  }

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
    if (uploads.isBusy) event.preventDefault()
  })
  session.add({
    take: ({ type }) => {
      if (type === 'welcome') uploads.goOn()
    },
  })
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
