import { make } from '../../page/elements.js'
import { makeFace, makeName } from '../page/face.js'
import { putLinkedText } from './linked-text.js'

/** Lines of one guest within this time, in seconds, are under one name. */
const TOGETHER_SECONDS = 180
const CLOCK = new Intl.DateTimeFormat([], { hour: 'numeric', minute: '2-digit' })
const WHOLE = new Intl.DateTimeFormat([], { dateStyle: 'full', timeStyle: 'medium' })
const DAY = new Intl.DateTimeFormat([], { weekday: 'long', day: 'numeric', month: 'long' })

/** @typedef {import('../../../../room/src/messages/room-messages.ts').ChatLine} ChatLine */

/** One line of the chat. @param {ChatLine} line */
export function makeLine(line) {
  const made = make('li', line.guest === '' ? 'line room' : 'line')
  made.dataset['id'] = String(line.id)
  const text = make('p', 'line-text')
  text.dir = 'auto'
  putLinkedText(text, line.text)
  if (line.guest === '') made.append(text)
  else made.append(makeFace(line.name), makeHead(line), text)
  return made
}

/** Whether a line stands under the name of the one before it. @param {ChatLine | undefined} before @param {ChatLine} line */
export function isTogether(before, line) {
  return (
    before !== undefined &&
    line.guest !== '' &&
    before.guest === line.guest &&
    before.name === line.name &&
    line.time - before.time < TOGETHER_SECONDS &&
    dayOf(before.time) === dayOf(line.time)
  )
}

/** The day of a time, as it is written above its first line. @param {number} time Seconds since the Unix epoch. */
export function dayOf(time) {
  return DAY.format(time * 1000)
}

/** @param {ChatLine} line */
function makeHead({ name, time }) {
  const head = make('div', 'line-head')
  const when = make('time', '', CLOCK.format(time * 1000))
  when.dateTime = new Date(time * 1000).toISOString()
  when.title = WHOLE.format(time * 1000)
  head.append(makeName(name), when)
  return head
}
