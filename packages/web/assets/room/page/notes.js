import { element, make } from '../../page/elements.js'

/** Sentences that the person has to know, over the page, until they are dismissed: nothing else moves. */

const MAX_NOTES = 3
const list = element('notes')
list.setAttribute('aria-live', 'polite')

/**
 * Says a sentence, once.
 *
 * @param {string} text
 * @param {{ text: string, act: () => void }} [action] What can be done about it.
 */
export function showNote(text, action) {
  for (const shown of Array.from(list.children)) {
    if (shown.querySelector('p')?.textContent === text) shown.remove()
  }
  const note = make('li', 'note')
  note.append(make('p', '', text))
  if (action) {
    const button = make('button', 'plain', action.text)
    button.type = 'button'
    button.addEventListener('click', () => {
      note.remove()
      action.act()
    })
    note.append(button)
  }
  const dismiss = make('button', '', '×')
  dismiss.type = 'button'
  dismiss.setAttribute('aria-label', 'Dismiss')
  dismiss.addEventListener('click', () => note.remove())
  note.append(dismiss)
  list.append(note)
  while (list.children.length > MAX_NOTES) list.firstElementChild?.remove()
}

/** Says something to screen readers alone. @param {string} text */
export function announce(text) {
  element('announcement').textContent = text
}
