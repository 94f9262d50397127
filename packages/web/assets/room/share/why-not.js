/** Why there is no camera, microphone or screen, in a sentence that says what to do. */

/** @typedef {'camera' | 'microphone' | 'screen'} Device */

/** Whether this page may ask at all. @param {Device} device @returns {string} Why not; empty where it may. */
export function whyNotAsked(device) {
  if (!window.isSecureContext) {
    return `Browsers give the ${device} only to pages of https: open the room by https (zcast room --https), or on the machine where it runs.`
  }
  const { mediaDevices } = navigator
  const isThere = Boolean(mediaDevices) && (device !== 'screen' || 'getDisplayMedia' in mediaDevices)
  return isThere ? '' : `This browser cannot share the ${device}: take another one.`
}

/** @param {unknown} error What the browser answered. @param {Device} device */
export function whyRefused(error, device) {
  const name = error instanceof DOMException ? error.name : ''
  const reasons = {
    NotAllowedError: `The browser does not give the ${device}: allow it for this page, beside its address, and try again.`,
    NotFoundError: `There is no ${device} on this device: plug one in and try again.`,
    NotReadableError: `The ${device} is used by another program: close that and try again.`,
    OverconstrainedError: `There is no ${device} on this device that fits: plug another one in and try again.`,
  }
  return (
    reasons[/** @type {keyof typeof reasons} */ (name)] ?? `The ${device} could not be started: try again.`
  )
}
