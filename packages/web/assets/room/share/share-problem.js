/**
 * Why something could not be shared, as a sentence for the person in front of the page.
 *
 * @typedef {'camera' | 'screen' | 'microphone'} Shared
 */

const NAMES = { camera: 'camera', screen: 'screen', microphone: 'microphone' }

/**
 * Why it cannot work here at all; `undefined` where it can.
 *
 * @param {Shared} what
 * @returns {string | undefined}
 */
export function whyNotHere(what) {
  if (!window.isSecureContext)
    return `Browsers give a ${NAMES[what]} only to pages on https or on this machine itself. Open the room by https: start it with --https.`
  const { mediaDevices } = navigator
  const name = what === 'screen' ? 'getDisplayMedia' : 'getUserMedia'
  if (typeof mediaDevices?.[name] !== 'function') return notSupported(what)
  if (what === 'microphone' && typeof AudioWorkletNode === 'undefined')
    return 'This browser is too old to send sound.'
  return undefined
}

/**
 * Why the browser gave nothing.
 *
 * @param {unknown} error
 * @param {Shared} what
 * @returns {string} Empty where the person just closed the question.
 */
export function describeShareProblem(error, what) {
  const name = NAMES[what]
  const { name: kind = '', message = '' } = error instanceof Error ? error : {}
  if (kind === 'NotSupportedError') return notSupported(what)
  if (kind === 'NotFoundError' || kind === 'OverconstrainedError')
    return what === 'screen'
      ? 'There is no screen to share.'
      : `No ${name} was found: plug one in, then try again.`
  if (kind === 'NotReadableError' || kind === 'TrackStartError' || kind === 'AbortError')
    return what === 'screen'
      ? 'The system did not let the browser see the screen: allow it in its privacy settings, then try again.'
      : `The ${name} is in use by another program, or does not answer: close what uses it, then try again.`
  // A screen that is not chosen is not refused: there is no other way to close the question.
  if (what === 'screen' && kind === 'NotAllowedError' && !/system/i.test(message)) return ''
  if (kind === 'NotAllowedError' || kind === 'SecurityError') {
    return /system/i.test(message)
      ? `The system does not let the browser use the ${name}: allow it in its privacy settings.`
      : `The browser does not let this page use the ${name}: allow it by the symbol beside the address, then try again.`
  }
  return `The ${name} could not be opened. Try again, or choose another one in the settings of the browser.`
}

/** @param {Shared} what */
function notSupported(what) {
  return what === 'screen'
    ? 'This browser cannot share its screen, as most browsers on phones. Use one on a computer.'
    : `This browser gives no ${NAMES[what]} to pages.`
}
