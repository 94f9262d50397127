/**
 * The line that tells what failed: the newest failure with its time, and how many came before it since the person
 * dismissed the last one. A word about the connection is shown there where nothing failed.
 *
 * @typedef {object} Notice
 * @property {'error' | 'warning'} level
 * @property {string} message
 * @property {number} time Milliseconds since the Unix epoch.
 */

const DAY_MS = 86_400_000

const line = document.createElement('aside')
const when = document.createElement('time')
const what = document.createElement('span')
const more = document.createElement('span')
const dismiss = document.createElement('button')
/** @type {readonly Notice[]} */
let notices = []
let hint = ''
/** What was told until then has been dismissed. */
let dismissedTime = 0

line.id = 'notices'
line.className = 'notices'
line.setAttribute('aria-label', 'What failed')
line.hidden = true
what.className = 'what'
what.setAttribute('role', 'status')
more.className = 'more'
dismiss.type = 'button'
dismiss.textContent = '×'
dismiss.setAttribute('aria-label', 'Dismiss')
dismiss.title = 'Dismiss'
dismiss.addEventListener('click', () => {
  // Else the next key would go to a button that is gone.
  dismiss.blur()
  if (unseen().length > 0) dismissedTime = notices.at(-1)?.time ?? 0
  else hint = ''
  show()
})
line.append(when, what, more, dismiss)
document.body.prepend(line)

/** Shows the newest failures, oldest first, as the server keeps them. @param {readonly Notice[]} next */
export function showNotices(next) {
  // Several connections of one page are told the same.
  if (next.at(-1)?.time === notices.at(-1)?.time && next.length === notices.length) return
  notices = next
  show()
}

/** Shows a word about the connection, until it is dismissed; none where the text is empty. @param {string} text */
export function showHint(text) {
  if (text === hint) return
  hint = text
  show()
}

function unseen() {
  return notices.filter(({ time }) => time > dismissedTime)
}

function show() {
  const failures = unseen()
  const newest = failures.at(-1)
  line.hidden = !newest && hint === ''
  line.dataset.level = newest?.level ?? 'hint'
  what.textContent = newest?.message ?? hint
  what.title = failures.length > 1 ? failures.map(({ message }) => message).join('\n') : what.textContent
  more.textContent = failures.length > 1 ? `and ${failures.length - 1} earlier` : ''
  when.textContent = newest ? formatTime(newest.time) : ''
  when.dateTime = newest ? new Date(newest.time).toISOString() : ''
}

/** @param {number} time */
function formatTime(time) {
  const at = new Date(time)
  return Date.now() - time > DAY_MS ? at.toLocaleString() : at.toLocaleTimeString()
}
