import type { BannedGuest, ChatLine, GuestMessage, GuestView, RoomMessage } from '@zcast/room/client'
import { wallClock } from '@zcast/shared'
import { plainLine } from '../format-chat-line.ts'
import { readCommand } from './chat-commands.ts'
import { ChatLog } from './chat-log.ts'
import type { ChatScreenState } from './chat-view.ts'
import { InputLine } from './input-line.ts'
import { listNames, PeopleChanges } from './people-changes.ts'
import type { Key, KeyName } from './read-keys.ts'

/** What a {@link ChatScreen} needs from outside. */
export interface ChatScreenActions {
  /** @returns False while the connection is lost. */
  readonly send: (message: GuestMessage) => boolean
  /** Something else is to be shown. */
  readonly changed: () => void
  readonly repaint: () => void
  readonly quit: () => void
  readonly suspend: () => void
  /** Quits after so many lines. */
  readonly maxLines: number | undefined
}

/** Others see somebody type for 5 s. */
const TYPING_EVERY_MS = 2500
const STATUS_MS = 6000

/** What is shown of a room, and what keys do to it. */
export class ChatScreen {
  readonly #actions: ChatScreenActions
  readonly #log = new ChatLog()
  readonly #input = new InputLine()
  readonly #changes = new PeopleChanges((sentence) => this.note(sentence))
  #room = ''
  #me: { readonly id: string; readonly name: string } = { id: '', name: '' }
  #guests: readonly GuestView[] = []
  #lines: readonly ChatLine[] = []
  #bans: readonly BannedGuest[] = []
  #typing: readonly string[] = []
  #notice = ''
  #noticeTimer: NodeJS.Timeout | undefined
  #isLost = false
  #scrolled = 0
  #mostScrolled = 0
  #pageRows = 10
  #isAsking = false
  /** Rows have come below. */
  #hasGrown = false
  #typedMs = Number.NEGATIVE_INFINITY
  #sent = ''
  #count = { heard: 0, said: 0 }

  readonly #acts: Readonly<Record<KeyName, () => void>> = {
    enter: () => this.#say(),
    quit: () => this.#actions.quit(),
    'end-of-input': () => (this.#input.text === '' ? this.#actions.quit() : this.#input.remove(1)),
    repaint: () => this.#actions.repaint(),
    suspend: () => this.#actions.suspend(),
    backspace: () => this.#input.remove(-1),
    delete: () => this.#input.remove(1),
    word: () => this.#input.removeWord(),
    'to-start': () => this.#input.removeSide('left'),
    'to-end': () => this.#input.removeSide('right'),
    left: () => this.#input.move(-1),
    right: () => this.#input.move(1),
    home: () => this.#input.move(Number.NEGATIVE_INFINITY),
    end: () => this.#input.move(Number.POSITIVE_INFINITY),
    up: () => this.#input.recall(-1),
    down: () => this.#input.recall(1),
    'page-up': () => this.#scroll(this.#pageRows),
    'page-down': () => this.#scroll(-this.#pageRows),
  }

  constructor(actions: ChatScreenActions) {
    this.#actions = actions
  }

  /** What is to be shown now. */
  get state(): ChatScreenState {
    const others = this.#typing.filter((name) => name !== this.#me.name)
    const typing =
      others.length === 0
        ? ''
        : `${listNames(others.map(plainLine))} ${others.length === 1 ? 'is' : 'are'} typing`
    const here = `${this.#guests.length} here`
    const title = `room ${plainLine(this.#room)}  ${this.#isLost ? 'connection lost, trying again' : here}  you are ${plainLine(this.#me.name)}  /help`
    return {
      title,
      isLost: this.#isLost,
      entries: this.#log.entries,
      scrolledRows: this.#scrolled,
      guests: this.#guests,
      status: this.#notice || typing,
      input: (columns) => this.#input.visible(columns),
    }
  }

  /** The last line of the command. */
  get summary(): string {
    return `heard ${this.#count.heard}, said ${this.#count.said}`
  }

  /** Takes the limits of what was laid out. */
  laidOut(mostScrolled: number, rows: number): void {
    // Who reads earlier lines stays with them while new ones come.
    if (this.#scrolled > 0 && this.#hasGrown) this.#scrolled += Math.max(mostScrolled - this.#mostScrolled, 0)
    this.#hasGrown = false
    this.#mostScrolled = mostScrolled
    this.#scrolled = Math.min(this.#scrolled, mostScrolled)
    this.#pageRows = Math.max(rows - 4, 1)
  }

  /** Adds lines that were said before, or missed. */
  addEarlier(lines: readonly ChatLine[]): void {
    this.#log.add(lines)
    this.#remember(lines)
  }

  /** Adds a new line. */
  addLine(line: ChatLine): void {
    this.#log.add([line])
    this.#hasGrown = true
    this.#remember([line])
    this.#count.heard += 1
    if (line.guest === this.#me.id) this.#count.said += 1
    this.#actions.changed()
    if (this.#count.heard === this.#actions.maxLines) this.#actions.quit()
  }

  /** Adds something that happened. */
  note(text: string): void {
    this.#log.note(text, wallClock())
    this.#hasGrown = true
    this.#actions.changed()
  }

  /** The connection is lost. */
  lose(reason: string): void {
    this.#isLost = true
    this.#typing = []
    this.#isAsking = false
    this.#changes.reset()
    this.note(`the connection was lost: ${reason}; trying again`)
  }

  /** Takes any message of the room. */
  take(message: RoomMessage): void {
    if (message.type === 'welcome') {
      if (this.#isLost) this.note('back in the room')
      this.#isLost = false
      this.#room = message.room
      this.#me = message.you
      this.#guests = message.guests
    } else if (message.type === 'guests') {
      this.#guests = message.guests
      this.#changes.take(message.guests)
    } else if (message.type === 'typing') this.#typing = message.names
    else if (message.type === 'removed') this.#log.remove(message.id, plainLine(message.by))
    else if (message.type === 'history') {
      this.#log.addOlder(message.lines)
      this.#isAsking = false
    } else if (message.type === 'rules') this.#tell(describeSlow(message.rules.slowSeconds))
    else if (message.type === 'bans') {
      this.#bans = message.bans
      const names = message.bans.map(({ name }) => plainLine(name))
      this.note(names.length === 0 ? 'nobody is banned' : `banned: ${names.join(', ')}`)
    } else if (message.type === 'refused') this.#refuse(message.about, message.reason)
    this.#actions.changed()
  }

  /** Does what a key asks for. */
  press(pressed: Key): void {
    if ('key' in pressed) this.#acts[pressed.key]()
    else {
      this.#input.insert(pressed.text)
      this.#type()
    }
    this.#actions.changed()
  }

  /** Forgets its timers. */
  close(): void {
    clearTimeout(this.#noticeTimer)
    this.#changes.reset()
  }

  #scroll(rows: number): void {
    const wished = this.#scrolled + rows
    this.#scrolled = Math.max(Math.min(wished, this.#mostScrolled), 0)
    const before = this.#log.oldestId
    if (wished < this.#mostScrolled || this.#log.hasAll || this.#isAsking || before === undefined) return
    this.#isAsking = this.#actions.send({ type: 'history', before })
  }

  #type(): void {
    if (this.#input.text.startsWith('/') || performance.now() - this.#typedMs < TYPING_EVERY_MS) return
    this.#typedMs = performance.now()
    this.#actions.send({ type: 'typing' })
  }

  #say(): void {
    const text = this.#input.take()
    if (text.trim() === '') return
    const subjects = { guests: this.#guests, lines: this.#lines, bans: this.#bans }
    const command = readCommand(text, subjects)
    if (command && 'show' in command) {
      for (const line of command.show) this.note(line)
      return
    }
    this.#scrolled = 0
    this.#typedMs = Number.NEGATIVE_INFINITY
    this.#sent = text
    const message = command?.send ?? { type: 'say', text: text.replace(/^\/\//, '/') }
    if (this.#actions.send(message)) return
    this.#input.insert(text)
    this.#tell('the connection is lost: this was not said')
  }

  #refuse(about: string, reason: string): void {
    this.#tell(reason)
    // What was not said can be said again.
    if (about === 'say' && this.#input.text === '') this.#input.insert(this.#sent)
  }

  #tell(sentence: string): void {
    this.#notice = plainLine(sentence)
    clearTimeout(this.#noticeTimer)
    this.#noticeTimer = setTimeout(() => {
      this.#notice = ''
      this.#actions.changed()
    }, STATUS_MS).unref()
  }

  /** Commands refer to the newest. */
  #remember(lines: readonly ChatLine[]): void {
    this.#lines = [...this.#lines, ...lines].slice(-200)
  }
}

function describeSlow(seconds: number): string {
  return seconds > 0 ? `slow: one message each ${seconds} s` : 'everybody may write as usual'
}
