import type { GuestView } from '@zcast/room/client'
import { formatClock, plainLine } from '../format-chat-line.ts'
import type { LogEntry } from './chat-log.ts'
import type { VisibleInput } from './input-line.ts'
import { fitText, textWidth, wrapText } from './text-width.ts'

/** What is shown. */
export interface ChatScreenState {
  /** Of the room, how many are there, and the state of the connection. */
  readonly title: string
  readonly isLost: boolean
  readonly entries: readonly LogEntry[]
  /** Rows that are scrolled back; more than there are show the oldest. */
  readonly scrolledRows: number
  readonly guests: readonly GuestView[]
  /** Who types, or what was refused. */
  readonly status: string
  readonly input: (columns: number) => VisibleInput
}

/** A screen, row by row. */
export interface ChatScreenRows {
  readonly rows: readonly string[]
  readonly cursor: { readonly column: number; readonly row: number }
  /** Rows that can be scrolled back at most. */
  readonly mostScrolled: number
}

/** Colours by their use; each ends with the terminal's own. */
export type Painter = (text: string, use: 'title' | 'lost' | 'quiet' | 'warning' | number) => string

const TIME_COLUMNS = 6
const PEOPLE_COLUMNS = 20
/** Narrower terminals have no list of people. */
const LEAST_FOR_PEOPLE = 72
const LEAST_ROWS = 4

/** Lays a chat out for a terminal of a size. */
export function layOutChat(
  state: ChatScreenState,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  paint: Painter,
): ChatScreenRows {
  const hasFrame = rows >= LEAST_ROWS
  const hasPeople = columns >= LEAST_FOR_PEOPLE && hasFrame
  const width = hasPeople ? columns - PEOPLE_COLUMNS - 2 : columns
  const height = Math.max(rows - (hasFrame ? 3 : 1), 0)
  const all = state.entries.flatMap((entry) => entryRows(entry, width, paint))
  const mostScrolled = Math.max(all.length - height, 0)
  const end = all.length - Math.min(state.scrolledRows, mostScrolled)
  const shown = all.slice(Math.max(end - height, 0), end)
  const lines = [...Array.from({ length: height - shown.length }, () => ''), ...shown]
  const people = hasPeople ? peopleRows(state.guests, height, paint) : []
  const body = lines.map((line, row) => {
    const beside = people[row]
    return beside === undefined ? line : `${line}\x1b[${row + 2};${width + 2}H${beside}`
  })
  const prompt = columns > 4 ? '> ' : ''
  const input = state.input(Math.max(columns - prompt.length, 3))
  const title = fitText(` ${state.title}`, columns)
  const bar = title + ' '.repeat(Math.max(columns - textWidth(title), 0))
  const below = end < all.length ? `${all.length - end} rows below: Page Down` : state.status
  const status = paint(fitText(below, columns), end < all.length ? 'quiet' : 'warning')
  return {
    rows: [
      ...(hasFrame ? [paint(bar, state.isLost ? 'lost' : 'title')] : []),
      ...body,
      ...(hasFrame ? [status] : []),
      prompt + input.text,
    ],
    cursor: { column: Math.min(prompt.length + input.cursorColumn, columns - 1), row: rows - 1 },
    mostScrolled,
  }
}

const cache = new WeakMap<LogEntry, { readonly width: number; readonly rows: readonly string[] }>()

function entryRows(entry: LogEntry, width: number, paint: Painter): readonly string[] {
  const known = cache.get(entry)
  if (known?.width === width) return known.rows
  const rows = layOutEntry(entry, width, paint)
  cache.set(entry, { width, rows })
  return rows
}

function layOutEntry({ id, time, name, text }: LogEntry, width: number, paint: Painter): string[] {
  const indent = width > 3 * TIME_COLUMNS ? TIME_COLUMNS : 0
  const clock = indent > 0 ? `${paint(formatClock(time), 'quiet')} ` : ''
  const paragraphs = text.split('\n').map((part) => plainLine(part))
  const columns = Math.max(width - indent, 2)
  if (id === undefined)
    return paragraphs
      .flatMap((part) => wrapText(part, columns, columns))
      .map((row, index) => (index === 0 ? clock : ' '.repeat(indent)) + paint(row, 'quiet'))
  const who = fitText(`${plainLine(name)}: `, Math.max(columns - 4, 4))
  const used = textWidth(who)
  const rows = paragraphs.flatMap((part, index) =>
    wrapText(part, index === 0 ? Math.max(columns - used, 2) : columns, columns),
  )
  return rows.map((row, index) =>
    index === 0 ? clock + paint(who, colourOf(name)) + row : ' '.repeat(indent) + row,
  )
}

function peopleRows(guests: readonly GuestView[], height: number, paint: Painter): string[] {
  const names = guests.map(({ name, isHost, isMuted }) =>
    fitText(`${isHost ? '*' : ' '}${plainLine(name)}${isMuted ? ' (muted)' : ''}`, PEOPLE_COLUMNS - 1),
  )
  const fitting =
    names.length > height ? [...names.slice(0, height - 1), ` ${names.length - height + 1} more`] : names
  return Array.from({ length: height }, (_, row) => `${paint('│', 'quiet')}${fitting[row] ?? ''}`)
}

/** The same name has the same colour everywhere. */
function colourOf(name: string): number {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 4096
  return sum
}
