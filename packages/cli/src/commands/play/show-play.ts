import type { CommandContext } from '../../command-context.ts'
import { openScreen } from '../topic/table-screen.ts'
import { KEY_HELP, pressKeys } from './play-keys.ts'
import { formatProgress, type PlayProgress, reportProgress } from './play-progress.ts'
import { drawBar } from './progress-bar.ts'

const SECOND_MS = 1000
/** So often a terminal shows where it is. */
const SCREEN_MS = 100
const MOST_COLUMNS = 120

/** What is shown while it plays. */
export interface ShownPlay {
  read(): PlayProgress
  readonly isStepped: boolean
  /** Seconds since the Unix epoch at which something was lost. */
  readonly losses: readonly number[]
  /** What is sent where. */
  readonly where: readonly string[]
}

/** Shows where it is until the returned function is called: in a terminal, or as JSON a line a second. */
export async function showPlay(context: CommandContext, shown: ShownPlay): Promise<() => Promise<void>> {
  const { output, json, quiet } = context
  if (json) {
    const print = (type: 'progress' | 'summary'): void =>
      void output.write(`${JSON.stringify(reportProgress(type, shown.read()))}\n`)
    const timer = setInterval(() => print('progress'), SECOND_MS)
    return async () => {
      clearInterval(timer)
      print('summary')
    }
  }
  const press = (text: string): void => {
    pressKeys(shown.read().player, text, shown.isStepped)
    show()
  }
  const screen = quiet ? undefined : await openScreen(context, 'zcast play', press)
  const show = (): void =>
    screen?.show(lines(shown).map((text, at) => ({ text, tone: at === 0 ? 'title' : 'plain' })))
  if (!screen) return async () => undefined
  show()
  const timer = setInterval(show, SCREEN_MS)
  return async () => {
    clearInterval(timer)
    await screen.close()
  }
}

function lines(shown: ShownPlay): readonly string[] {
  const progress = shown.read()
  const { player, path } = progress
  const width = Math.min(process.stdout.columns, MOST_COLUMNS)
  const losses = shown.losses.length === 0 ? '' : `   ! where something was lost`
  return [
    `zcast play ${path}${player.isPaused ? '   paused' : ''}`,
    drawBar(player.position, player, shown.losses, width),
    formatProgress(progress),
    new Date(player.position * 1000).toISOString() + losses,
    '',
    ...shown.where,
    '',
    KEY_HELP,
  ]
}
