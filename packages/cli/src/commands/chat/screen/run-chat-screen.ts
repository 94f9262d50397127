import { TerminalSession } from '@zcast/subscribers/terminal'
import type { CommandContext } from '../../../command-context.ts'
import type { ChatPlan } from '../plan-chat.ts'
import { createMember } from '../room-member.ts'
import { ChatPainter } from './chat-painter.ts'
import { ChatScreen } from './chat-screen.ts'
import { layOutChat } from './chat-view.ts'
import { choosePainter } from './choose-painter.ts'
import { KeyReader } from './read-keys.ts'

/** A group without a shell that could continue it is not stopped. */
const STOP_FAILED_MS = 500
/** Pasted text is told from typed text. */
const [PASTES_ON, PASTES_OFF] = [Buffer.from('\x1b[?2004h'), Buffer.from('\x1b[?2004l')]

/** Takes part in a room, with the whole terminal. */
export async function runChatScreen(context: CommandContext, plan: ChatPlan): Promise<void> {
  const { stdin, stdout } = process
  const ended = new AbortController()
  const signal = AbortSignal.any([context.signal, ended.signal])
  const paint = choosePainter(stdout)
  const keys = new KeyReader()
  const session = new TerminalSession({
    output: stdout,
    input: stdin,
    title: 'zcast chat',
    plain: false,
    onInput: (text) => {
      for (const key of keys.read(text)) screen.press(key)
    },
    onHangUp: () => ended.abort(),
  })
  const painter = new ChatPainter(session, stdout, (size) => {
    const rows = layOutChat(screen.state, size, paint)
    screen.laidOut(rows.mostScrolled, size.rows)
    return rows
  })
  const resume = (): void => {
    session.leave()
    session.enter()
    void session.write(PASTES_ON).catch(() => ended.abort())
    // A stopped process is not told that its terminal has another size; Node asks for the size on this signal.
    if (process.platform !== 'win32') process.kill(process.pid, 'SIGWINCH')
    painter.repaint()
  }
  const screen: ChatScreen = new ChatScreen({
    send: (message) => client.send(message),
    changed: () => painter.update(),
    repaint: () => painter.repaint(),
    quit: () => ended.abort(),
    suspend: () => {
      if (process.platform === 'win32') return
      session.leave()
      process.kill(0, 'SIGTSTP')
      setTimeout(() => session.entered || resume(), STOP_FAILED_MS)
    },
    maxLines: plan.maxLines,
  })
  const client = createMember(context, plan, {
    onEarlier: (lines) => screen.addEarlier(lines),
    onLine: (line) => screen.addLine(line),
    onMessage: (message) => {
      screen.take(message)
      if (message.type !== 'welcome') return
      if (!session.entered && !signal.aborted) {
        stdin.setEncoding('utf8')
        session.enter()
        void session.write(PASTES_ON).catch(() => ended.abort())
        process.on('SIGCONT', resume)
        stdout.on('resize', repaint)
        context.redirectNotices(({ level, message: sentence }) => screen.note(`${level}: ${sentence}`))
        context.ready(plan.address.page)
      }
      painter.update()
    },
    onLost: (reason) => screen.lose(reason),
  })
  const repaint = (): void => painter.repaint()
  try {
    await client.run(signal)
  } finally {
    screen.close()
    painter.stop()
    process.off('SIGCONT', resume)
    stdout.off('resize', repaint)
    if (session.entered) void session.write(PASTES_OFF).catch(() => undefined)
    await session.close()
    stdin.destroy()
  }
  context.summary(screen.summary)
}
