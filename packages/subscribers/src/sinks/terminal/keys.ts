// oxlint-disable no-control-regex -- a terminal speaks in control characters
/** What a key press asks for. */
export type KeyAction = 'quit' | 'suspend' | 'repaint'

// Answers of the terminal, arrow keys and the like: none of their letters is a key that was pressed.
const ESCAPE_SEQUENCE = /\x1b(?:\[[\d;?<>=]*[ -/]*[@-~]?|[_\]PX^][^\x1b\x07]*(?:\x1b\\|\x07)?|[NO]?.?)/gs

/** The action of what was typed: `q` or Ctrl-C quits, Ctrl-Z suspends, Ctrl-L paints everything again. */
export function keyAction(text: string): KeyAction | undefined {
  const keys = text.replaceAll(ESCAPE_SEQUENCE, '')
  if (/[qQ\x03]/.test(keys)) return 'quit'
  if (keys.includes('\x1a')) return 'suspend'
  return keys.includes('\x0c') ? 'repaint' : undefined
}
