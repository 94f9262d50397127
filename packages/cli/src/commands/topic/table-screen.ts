import type { StatusPart } from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'

/** Lines that change in place. */
export interface TableScreen {
  show(lines: readonly StatusPart[]): void
  close(): Promise<void>
}

/** The newest failures that are shown below a table. */
const MAX_NOTICES = 3

/** Takes over the terminal, where standard output is one. @returns `undefined` elsewhere. */
export async function openScreen(
  context: CommandContext,
  title: string,
  onKeys?: (text: string) => void,
): Promise<TableScreen | undefined> {
  const { TerminalText } = await import('@zcast/subscribers/topics')
  if (context.output !== process.stdout && !('isTTY' in context.output && context.output.isTTY))
    return undefined
  if (!TerminalText.suits(process.stdout)) return undefined
  const screen = new TerminalText({ title, onQuit: context.shutdown, onKeys })
  const notices: StatusPart[] = []
  // Printed text would be overwritten.
  context.redirectNotices(({ message }) => {
    notices.push({ text: message, tone: 'problem' })
    if (notices.length > MAX_NOTICES) notices.shift()
  })
  screen.open()
  return {
    show: (lines) => screen.show([...lines, ...notices]),
    close: () => screen.close(),
  }
}
