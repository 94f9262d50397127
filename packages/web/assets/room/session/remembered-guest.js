/** Who this page is: a page that is loaded again, or comes back, is the same guest. */

const KEY = 'zcast-room'
const NAME = 'zcast-name'

/** The guest of this tab. @returns {{ name: string, key: string } | undefined} */
export function recallGuest() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    return typeof kept?.name === 'string' && typeof kept.key === 'string' ? kept : undefined
  } catch {
    // A frame of another site may not keep anything.
    return undefined
  }
}

/** @param {{ name: string, key: string }} guest */
export function rememberGuest({ name, key }) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ name, key }))
    localStorage.setItem(NAME, name)
  } catch {
    // The guest has to say the name again.
  }
}

/** The name that was given last in this browser; empty where there is none. */
export function recallName() {
  try {
    return localStorage.getItem(NAME) ?? ''
  } catch {
    return ''
  }
}
