// oxlint-disable no-control-regex -- a terminal speaks in control characters
/** The action of a key press. */
export type KeyAction = 'quit' | 'suspend' | 'repaint'

// Answers of the terminal, arrow keys and so on: their letters are not keys that were pressed.
const ESCAPE_SEQUENCE = /\x1b(?:\[[\d;?<>=]*[ -/]*[@-~]?|[_\]PX^][^\x1b\x07]*(?:\x1b\\|\x07)?|[NO]?.?)/gs

/** The action for typed text: `q` or Ctrl-C quits, Ctrl-Z suspends, Ctrl-L repaints everything. */
export function keyAction(text: string): KeyAction | undefined {
  const keys = text.replaceAll(ESCAPE_SEQUENCE, '')
  if (/[qQ\x03]/.test(keys)) return 'quit'
  if (keys.includes('\x1a')) return 'suspend'
  return keys.includes('\x0c') ? 'repaint' : undefined
}
