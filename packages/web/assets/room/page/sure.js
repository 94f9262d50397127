import { element } from '../../page/elements.js'

/** Asks before something that cannot be taken back. @param {{ title: string, text: string, yes: string }} question @returns {Promise<boolean>} */
export function askSure({ title, text, yes }) {
  const dialog = /** @type {HTMLDialogElement} */ (element('sure'))
  element('sure-title').textContent = title
  element('sure-text').textContent = text
  element('sure-yes').textContent = yes
  dialog.returnValue = 'no'
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
  })
}
