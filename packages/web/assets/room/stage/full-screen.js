import { element } from '../../page/elements.js'

/** The whole screen for the picture and its controls. */
export function offerFullScreen() {
  const button = element('fullscreen')
  const screen = /** @type {HTMLElement} */ (element('stage').parentElement)
  button.hidden = !document.fullscreenEnabled
  button.addEventListener('click', () => void toggle())
  element('stage').addEventListener('dblclick', () => void toggle())
  document.addEventListener('fullscreenchange', () =>
    button.setAttribute('aria-pressed', String(document.fullscreenElement !== null)),
  )

  async function toggle() {
    if (document.fullscreenElement) await document.exitFullscreen()
    else if (document.fullscreenEnabled) await screen.requestFullscreen()
  }
  return toggle
}
