import type { BannedGuest, ChatLine, GuestMessage, GuestView } from '@zcast/room/client'

/** What a line that begins with `/` asks for. */
export type ChatCommand =
  | { readonly send: GuestMessage }
  /** Something to be shown to this guest only. */
  | { readonly show: readonly string[] }

/** What commands refer to. */
export interface CommandSubjects {
  readonly guests: readonly GuestView[]
  /** The newest come last. */
  readonly lines: readonly ChatLine[]
  /** As far as they were asked for. */
  readonly bans: readonly BannedGuest[]
}

const HELP = [
  '/who                     who is here',
  '/help                    this help; a line that begins with // is said with one /',
  'Page Up, Page Down       earlier and later lines; Ctrl-C leaves',
  'For hosts:',
  '/remove [NAME|NUMBER]    take back the newest message, of NAME, or with that number',
  '/mute NAME [MINUTES]     NAME may not write, for 10 minutes by default; /unmute NAME',
  '/ban NAME                NAME has to leave and cannot come back; /unban NAME, /bans',
  '/slow SECONDS            one message each SECONDS; 0 ends it',
]

/** Reads a command. @returns `undefined` when the text is to be said. */
export function readCommand(text: string, subjects: CommandSubjects): ChatCommand | undefined {
  if (!text.startsWith('/') || text.startsWith('//')) return undefined
  const [word = '', ...rest] = text.slice(1).trim().split(/\s+/)
  const given = rest.join(' ')
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined
  return command?.(given, subjects) ?? show(`there is no command /${word}: /help names them`)
}

const COMMANDS: Readonly<Record<string, (given: string, subjects: CommandSubjects) => ChatCommand>> = {
  help: () => ({ show: HELP }),
  who: (_given, { guests }) => ({
    show: guests.map(
      ({ name, isHost, isMuted }) => `${name}${isHost ? ' (host)' : ''}${isMuted ? ' (muted)' : ''}`,
    ),
  }),
  remove: (given, subjects) => {
    const line = /^\d+$/.test(given)
      ? { id: Number(given) }
      : subjects.lines.findLast(({ name }) => given === '' || isSame(name, given))
    return line
      ? { send: { type: 'remove', id: line.id } }
      : show(`there is no message of ${given || 'anybody'}`)
  },
  mute: (given, subjects) => {
    const [, name = given, minutes = '10'] = /^(.*\S)\s+(\d+(?:\.\d+)?)$/.exec(given) ?? []
    // A name may end in a number.
    const [whole, part] = [findGuest(given, subjects), findGuest(name, subjects)]
    if (whole !== undefined) return { send: { type: 'mute', guest: whole, minutes: 10 } }
    return part === undefined
      ? nobody(name)
      : { send: { type: 'mute', guest: part, minutes: Number(minutes) } }
  },
  unmute: (given, subjects) => withGuest(given, subjects, (guest) => ({ type: 'unmute', guest })),
  ban: (given, subjects) => withGuest(given, subjects, (guest) => ({ type: 'ban', guest })),
  unban: (given, subjects) => {
    const ban = subjects.bans.find(({ name }) => isSame(name, given))
    if (ban) return { send: { type: 'unban', guest: ban.guest } }
    return withGuest(given, subjects, (guest) => ({ type: 'unban', guest }))
  },
  bans: () => ({ send: { type: 'bans' } }),
  slow: (given) =>
    /^\d+$/.test(given)
      ? { send: { type: 'slow', seconds: Number(given) } }
      : show('write /slow SECONDS, such as /slow 10'),
}

function show(text: string): ChatCommand {
  return { show: [text] }
}

function nobody(name: string): ChatCommand {
  return show(name === '' ? 'say who: write the name behind it' : `nobody here is called ${name}`)
}

function withGuest(
  name: string,
  subjects: CommandSubjects,
  message: (guest: string) => GuestMessage,
): ChatCommand {
  const guest = findGuest(name, subjects)
  return guest === undefined ? nobody(name) : { send: message(guest) }
}

/** The id of somebody who is here, or has written; or the id itself. */
function findGuest(name: string, { guests, lines }: CommandSubjects): string | undefined {
  if (name === '') return undefined
  const here = guests.find((guest) => isSame(guest.name, name) || guest.id === name)
  return here?.id ?? lines.findLast((line) => isSame(line.name, name) || line.guest === name)?.guest
}

function isSame(a: string, b: string): boolean {
  return a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase()
}
