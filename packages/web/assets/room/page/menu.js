import { make, makeIcon } from '../../page/elements.js'

/**
 * A menu at a button: arrows, Home, End and Escape as in every menu.
 *
 * @typedef {object} MenuItem
 * @property {string} text
 * @property {() => void} act
 * @property {boolean} [isBad] Takes something from somebody.
 */

const MARGIN = 8
const DOTS = 'M5 10h.01M10 10h.01M15 10h.01'
/** Closes the menu that is open. */
const open = { close: () => {} }

/** Makes a button with dots that opens a menu. @param {string} label @param {() => readonly MenuItem[]} listItems */
export function makeMenuButton(label, listItems) {
  const button = make('button', 'more')
  const dots = makeIcon(DOTS)
  dots.classList.add('stroked')
  button.append(dots)
  button.type = 'button'
  button.setAttribute('aria-label', label)
  button.setAttribute('aria-haspopup', 'menu')
  button.setAttribute('aria-expanded', 'false')
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-expanded') === 'true') open.close()
    else openMenu(button, listItems())
  })
  return button
}

/** @param {HTMLButtonElement} button @param {readonly MenuItem[]} items */
function openMenu(button, items) {
  open.close()
  const menu = make('div', 'menu')
  menu.setAttribute('role', 'menu')
  menu.setAttribute('aria-label', button.getAttribute('aria-label') ?? '')
  const close = (/** @type {boolean} */ returns) => {
    menu.remove()
    document.removeEventListener('pointerdown', onOutside, true)
    window.removeEventListener('resize', onResize)
    button.setAttribute('aria-expanded', 'false')
    open.close = () => {}
    if (returns) button.focus()
  }
  const onOutside = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target)
    if (!menu.contains(target) && !button.contains(target)) close(false)
  }
  const onResize = () => close(false)
  for (const { text, act, isBad } of items) {
    const item = make('button', isBad ? 'bad' : '', text)
    item.type = 'button'
    item.tabIndex = -1
    item.setAttribute('role', 'menuitem')
    item.addEventListener('click', () => {
      close(true)
      act()
    })
    menu.append(item)
  }
  menu.addEventListener('keydown', (event) => moveInMenu(menu, event, close))
  // Within the page's main part, where screen readers look for it.
  ;(button.closest('main') ?? document.body).append(menu)
  place(menu, button.getBoundingClientRect())
  button.setAttribute('aria-expanded', 'true')
  document.addEventListener('pointerdown', onOutside, true)
  window.addEventListener('resize', onResize)
  open.close = () => close(true)
  const first = /** @type {HTMLElement} */ (menu.firstElementChild)
  first.focus()
}

/** Below its button, or above where there is no room. @param {HTMLElement} menu @param {DOMRect} at */
function place(menu, at) {
  const { width, height } = menu.getBoundingClientRect()
  const below = at.bottom + 4
  const top = below + height + MARGIN < window.innerHeight ? below : at.top - height - 4
  menu.style.top = `${Math.max(MARGIN, top)}px`
  menu.style.left = `${Math.max(MARGIN, Math.min(at.right - width, window.innerWidth - width - MARGIN))}px`
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event @param {(returns: boolean) => void} close */
function moveInMenu(menu, event, close) {
  const items = /** @type {HTMLElement[]} */ ([...menu.children])
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement))
  /** @type {Record<string, number>} */
  const targets = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }
  const target = targets[event.key]
  if (event.key === 'Escape' || event.key === 'Tab') close(true)
  if (target !== undefined) items[(target + items.length) % items.length]?.focus()
  if (target !== undefined || event.key === 'Escape') event.preventDefault()
  event.stopPropagation()
}
