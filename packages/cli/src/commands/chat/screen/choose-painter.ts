import { styleText } from 'node:util'
import type { Writable } from 'node:stream'
import { isColoured } from '../../../process/colour.ts'
import type { Painter } from './chat-view.ts'

/** Those that are read on dark and on light backgrounds. */
const NAMES = ['cyan', 'green', 'yellow', 'magenta', 'blue', 'red'] as const

/** The colours of a chat on a terminal; none with NO_COLOR, where the title is told from the rest by its place. */
export function choosePainter(output: Writable): Painter {
  if (!isColoured(output)) return (text) => text
  return (text, use) => {
    if (text === '') return text
    if (typeof use === 'number') return styleText(NAMES[use % NAMES.length] ?? 'cyan', text)
    if (use === 'quiet') return styleText('gray', text)
    if (use === 'warning') return styleText('yellow', text)
    return styleText(use === 'lost' ? ['white', 'bgRed'] : ['white', 'bgBlue'], text)
  }
}
