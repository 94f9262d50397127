/** Small pieces of a page. */

/**
 * The element of an id, which the page has.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = '', text = '') {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

/** A drawing of lines in a square of 20, for a button. @param {string} path */
export function makeIcon(path) {
  const icon = makeDrawing('svg', { viewBox: '0 0 20 20', class: 'icon', 'aria-hidden': 'true' })
  icon.append(makeDrawing('path', { d: path }))
  return icon
}

/** An element of a drawing. @param {string} tag @param {Record<string, string>} attributes */
export function makeDrawing(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

/** Says a text, where it is not said yet. @param {Element} where @param {string} text */
export function say(where, text) {
  if (where.textContent !== text) where.textContent = text
}

/** A button that is on or off. @param {string} text @param {boolean} on @param {(on: boolean) => void} onToggle */
export function makeToggle(text, on, onToggle) {
  const toggle = make('button', 'chip', text)
  toggle.type = 'button'
  toggle.setAttribute('aria-pressed', String(on))
  toggle.addEventListener('click', () => {
    const isOn = toggle.getAttribute('aria-pressed') !== 'true'
    toggle.setAttribute('aria-pressed', String(isOn))
    onToggle(isOn)
  })
  return toggle
}

/**
 * A list to choose one from.
 *
 * @template {string} Value
 * @param {string} label
 * @param {Record<Value, string>} names What each is called.
 * @param {string} chosen
 * @param {(value: Value) => void} onChoose
 */
export function makeChoice(label, names, chosen, onChoose) {
  const choice = make('select')
  choice.setAttribute('aria-label', label)
  for (const [value, name] of Object.entries(names)) choice.append(new Option(String(name), value))
  choice.value = chosen
  choice.addEventListener('change', () => onChoose(/** @type {Value} */ (choice.value)))
  return choice
}
