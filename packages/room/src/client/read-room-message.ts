import type { RoomMessage } from '../messages/room-messages.ts'

type Unchecked = Readonly<Record<string, unknown>>

/** What a message must have to be used by {@link RoomClient}, by its type; others are passed over. */
const CHECKS: Readonly<Record<string, (message: Unchecked) => boolean>> = {
  welcome: ({ you, chat, guests, room }) =>
    isObject(you) &&
    ['id', 'key', 'name'].every((name) => typeof you[name] === 'string') &&
    typeof room === 'string' &&
    isListOf(chat, isLine) &&
    isListOf(guests, isGuest),
  guests: ({ guests }) => isListOf(guests, isGuest),
  rules: ({ rules }) => isObject(rules),
  chat: ({ line }) => isLine(line),
  history: ({ lines }) => isListOf(lines, isLine),
  removed: ({ id, by }) => typeof id === 'number' && typeof by === 'string',
  typing: ({ names }) => isListOf(names, (name) => typeof name === 'string'),
  bans: ({ bans }) => isListOf(bans, (ban) => isObject(ban) && typeof ban['name'] === 'string'),
  refused: ({ about, code, reason }) =>
    typeof about === 'string' && typeof code === 'string' && typeof reason === 'string',
  goodbye: ({ reason }) => typeof reason === 'string',
}

/** Reads a message of what is taken for a room. @returns `undefined` for what a member of the chat does not need. */
export function readRoomMessage(text: string): RoomMessage | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(value) || typeof value['type'] !== 'string' || !Object.hasOwn(CHECKS, value['type']))
    return undefined
  return CHECKS[value['type']]?.(value) ? (value as unknown as RoomMessage) : undefined
}

function isObject(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

function isLine(value: unknown): boolean {
  if (!isObject(value)) return false
  const { id, time, guest, name, text } = value
  return (
    typeof id === 'number' &&
    typeof time === 'number' &&
    [guest, name, text].every((part) => typeof part === 'string')
  )
}

function isGuest(value: unknown): boolean {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['name'] === 'string'
}
