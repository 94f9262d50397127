import { userInfo } from 'node:os'
import { cleanName, MAX_NAME, parseRoomAddress, type RoomAddress, type Trust } from '@zcast/room/client'
import { OptionError } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { readToken } from '../../options/pages/page-access.ts'
import { ROOM_PORT } from '../../options/pages/page-ports.ts'
import { readGuestKey } from './guest-key-file.ts'

/** What `zcast chat` was asked for. */
export interface ChatPlan {
  readonly address: RoomAddress
  readonly token: string | undefined
  readonly name: string
  readonly trust: Trust | undefined
  /** Where the guest's key is kept. */
  readonly keyFile: string | undefined
  readonly key: string | undefined
  /** Lines before that are printed. */
  readonly history: number
  /** Goes on when standard input has ended. */
  readonly follow: boolean
  /** Ends after so many lines. */
  readonly maxLines: number | undefined
}

/** Reads and checks the options of `zcast chat`. @throws {@link OptionError} when one is wrong. */
export async function planChat(args: Arguments): Promise<Plan> {
  const address = parseRoomAddress(args.text('connect') ?? `http://127.0.0.1:${ROOM_PORT}`)
  const path = args.text('token-file')
  const file = path === undefined ? undefined : readToken(path)
  const maxLines = args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER })
  const keyFile = args.text('key-file')
  const plan: ChatPlan = {
    address,
    token: file?.token ?? address.token ?? process.env['ZCAST_TOKEN'],
    name: readName(args),
    trust: await readTrust(args.list('trust-cert')),
    keyFile,
    key: keyFile === undefined ? undefined : readGuestKey(keyFile),
    history: args.integer('history', { least: 0, most: 200 }) ?? 0,
    follow: (args.flag('follow') ?? false) || maxLines !== undefined || args.text('for') !== undefined,
    maxLines,
  }
  return {
    role: 'chat',
    run: async (context) => {
      if (file?.warning !== undefined) context.log.warning(file.warning)
      await (isFullScreen(context) ? runFullScreen(context, plan) : runLines(context, plan))
    },
  }
}

async function readTrust(texts: readonly string[]): Promise<Trust | undefined> {
  if (texts.length === 0) return undefined
  const { TrustedCertificates } = await import('@zcast/publisher/video')
  return new TrustedCertificates(texts)
}

function readName(args: Arguments): string {
  const given = args.text('name')
  const name = cleanName(given ?? accountName())
  if (name !== undefined) return name
  throw new OptionError(`name must have 1 to ${MAX_NAME} characters that are seen, got "${given}"`)
}

function accountName(): string {
  try {
    return userInfo().username.slice(0, MAX_NAME) || 'guest'
  } catch {
    // This user has no account, as in some containers.
    return 'guest'
  }
}

function isFullScreen({ json, quiet }: CommandContext): boolean {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb'
  return isTerminal && !json && !quiet
}

async function runFullScreen(context: CommandContext, plan: ChatPlan): Promise<void> {
  const { runChatScreen } = await import('./screen/run-chat-screen.ts')
  await runChatScreen(context, plan)
}

async function runLines(context: CommandContext, plan: ChatPlan): Promise<void> {
  const { runChatLines } = await import('./run-chat-lines.ts')
  await runChatLines(context, plan)
}
