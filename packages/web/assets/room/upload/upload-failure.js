/**
 * What to do about an upload that failed.
 *
 * @typedef {object} UploadFailure
 * @property {boolean} isLasting Trying again would not help.
 * @property {string} reason A sentence; empty where the connection was lost.
 */

/** The statuses of an answer after which the same is tried again: not joined yet, gone on elsewhere, locked, too many. */
const PASSING = new Set([403, 409, 423, 429])
const DISK_FULL = 507

/**
 * @param {Error | import('tus-js-client').DetailedError} error
 * @returns {UploadFailure}
 */
export function readFailure(error) {
  const response = 'originalResponse' in error ? error.originalResponse : null
  const status = response?.getStatus() ?? 0
  const said = status === 0 ? '' : (response?.getBody() ?? '').trim().slice(0, 300)
  // Where nothing was sent, it was the file: removed, changed, or on a disk that is gone.
  if (!('originalRequest' in error) || error.originalRequest === null)
    return { isLasting: true, reason: 'The file cannot be read any more: choose it again.' }
  if (status === 413 && said.startsWith('<'))
    return {
      isLasting: true,
      reason: 'A proxy in front of the room does not let files of this size through.',
    }
  const isCreating = error.originalRequest.getMethod() === 'POST'
  const isPassing = status < 400 || PASSING.has(status) || (status >= 500 && status !== DISK_FULL)
  if (isPassing || (status === DISK_FULL && !isCreating))
    return { isLasting: false, reason: status === DISK_FULL ? toSentence(said) : '' }
  return { isLasting: true, reason: toSentence(said) || `The room refused it (${status}).` }
}

/** @param {string} reason As the room says it: a clause. */
export function toSentence(reason) {
  const first = reason.charAt(0).toUpperCase() + reason.slice(1)
  return first === '' || /[.!?]$/.test(first) ? first : `${first}.`
}
