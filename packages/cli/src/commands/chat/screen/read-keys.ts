// oxlint-disable no-control-regex -- a terminal speaks in control characters
/** A key that was pressed, or text that was typed or pasted. */
export type Key =
  | { readonly text: string }
  | {
      readonly key:
        | 'enter'
        | 'left'
        | 'right'
        | 'up'
        | 'down'
        | 'home'
        | 'end'
        | 'page-up'
        | 'page-down'
        | 'backspace'
        | 'delete'
        | 'word'
        | 'to-start'
        | 'to-end'
        | 'quit'
        | 'end-of-input'
        | 'repaint'
        | 'suspend'
    }

/** Keys that do something. */
export type KeyName = Extract<Key, { key: string }>['key']

const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x01': 'home',
  '\x02': 'left',
  '\x03': 'quit',
  '\x04': 'end-of-input',
  '\x05': 'end',
  '\x06': 'right',
  '\x0b': 'to-end',
  '\x0c': 'repaint',
  '\x0e': 'down',
  '\x10': 'up',
  '\x15': 'to-start',
  '\x17': 'word',
  '\x1a': 'suspend',
}
const SEQUENCES: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '7~': 'home',
  '4~': 'end',
  '8~': 'end',
  '3~': 'delete',
  '5~': 'page-up',
  '6~': 'page-down',
}

const PASTE = /^\x1b\[200~([\s\S]*?)\x1b\[201~/
const SEQUENCE = /^\x1b[[O][?<>=]?(\d*(?:;\d+)*)[ -/]*([@-~])/
/** A sequence whose end has not come yet; the escape key itself comes alone. */
const UNFINISHED = /^\x1b(?:[[O][?<>=]?[\d;]*[ -/]*|\[200~[\s\S]*)$/
/** The longest paste; the line takes 500 characters. */
const MAX_UNFINISHED = 16 * 1024
const TEXT = /^[^\x00-\x1f\x7f]+/

/** Reads what a keyboard sends. Sequences may come in pieces. */
export class KeyReader {
  #rest = ''

  /** Reads what came; pasted line ends are blanks. */
  read(input: string): Key[] {
    const keys: Key[] = []
    let rest = this.#rest + input
    this.#rest = ''
    while (rest !== '') {
      const paste = PASTE.exec(rest)
      const sequence = SEQUENCE.exec(rest)
      const text = TEXT.exec(rest)?.[0]
      const control = CONTROLS[rest.charAt(0)]
      let length = 1
      if (paste) {
        keys.push({ text: (paste[1] ?? '').replaceAll(/[\x00-\x1f\x7f]+/g, ' ') })
        length = paste[0].length
      } else if (UNFINISHED.test(rest) && rest.length > 1 && rest.length < MAX_UNFINISHED) {
        this.#rest = rest
        return keys
      } else if (sequence) {
        const [whole, parameter = '', final = ''] = sequence
        const name = SEQUENCES[final === '~' ? `${parameter.split(';')[0] ?? ''}~` : final]
        if (name !== undefined) keys.push({ key: name })
        length = whole.length
      } else if (text !== undefined) {
        keys.push({ text })
        length = text.length
      } else if (control !== undefined) keys.push({ key: control })
      rest = rest.slice(length)
    }
    return keys
  }
}
