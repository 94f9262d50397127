import { StringDecoder } from 'node:string_decoder'

/** A cell as a person would see it; `undefined` colours are the terminal's own. */
export interface EmulatedCell {
  glyph: string
  foreground: string | undefined
  background: string | undefined
}

/** A picture sent by the kitty graphics protocol. */
export interface EmulatedImage {
  readonly control: Readonly<Record<string, string>>
  readonly pixels: Buffer
  readonly column: number
  readonly row: number
}

// oxlint-disable-next-line no-control-regex -- a terminal speaks in control characters
const TOKEN = /\x1b\[([<=>?]?)([\d;]*)([ -/]*)([@-~])|\x1b([_\]])([\s\S]*?)(?:\x1b\\|\x07)|\x1b\\|([^\x1b])/gu
// oxlint-disable-next-line no-control-regex -- the same
const UNFINISHED = /\x1b(?:\[[<=>?]?[\d;]*[ -/]*|[_\]](?:(?!\x1b\\)[\s\S])*)?$/

/**
 * Interprets a program's output to its terminal, as far as the tests need: it throws on a sequence it does not know.
 */
export class TerminalEmulator {
  columns: number
  rows: number
  /** The number of cells written since the start, including blank ones. */
  cellsWritten = 0
  /** The number of times a whole update became visible. */
  updates = 0
  title = 'shell'
  /** True when queries for the kitty graphics protocol are answered. */
  knowsKitty = false
  /** Receives the answers to queries. */
  answer: (text: string) => void = () => {}
  readonly modes = new Map([
    [7, true],
    [25, true],
    [1049, false],
    [2026, false],
  ])
  readonly images = new Map<string, EmulatedImage>()
  readonly #titles: string[] = []
  readonly #decoder = new StringDecoder('utf8')
  #cells: EmulatedCell[][] = []
  #column = 0
  #row = 0
  #foreground: string | undefined
  #background: string | undefined
  #rest = ''
  #image: { control: Record<string, string>; data: string } | undefined

  constructor(columns: number, rows: number) {
    this.columns = columns
    this.rows = rows
    this.resize(columns, rows)
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.#cells = Array.from({ length: rows }, () => Array.from({ length: columns }, blank))
  }

  cell(column: number, row: number): EmulatedCell {
    return this.#cells[row]?.[column] ?? blank()
  }

  line(row: number): string {
    return (this.#cells[row] ?? []).map((cell) => cell.glyph).join('')
  }

  get text(): string {
    return this.#cells.map((_, row) => this.line(row).trimEnd()).join('\n')
  }

  write(bytes: Uint8Array | string): void {
    const text = this.#rest + (typeof bytes === 'string' ? bytes : this.#decoder.write(Buffer.from(bytes)))
    const unfinished = UNFINISHED.exec(text)
    const end = unfinished ? unfinished.index : text.length
    this.#rest = text.slice(end)
    for (const match of text.slice(0, end).matchAll(TOKEN)) {
      const [, mark = '', parameters = '', , final, opener, content = '', character] = match
      if (character !== undefined) this.#put(character)
      else if (final !== undefined) this.#control(mark, parameters, final)
      else if (opener === ']') this.title = content.replace(/^2;/, '')
      else if (opener === '_') this.#graphics(content)
    }
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0
    else if (character === '\n') this.#row += 1
    else {
      const row = this.#cells[Math.min(this.#row, this.rows - 1)] ?? []
      row[this.#column] = { glyph: character, foreground: this.#foreground, background: this.#background }
      this.#column = Math.min(this.#column + 1, this.columns - 1)
      this.cellsWritten += 1
    }
  }

  #control(mark: string, parameters: string, final: string): void {
    const numbers = parameters.split(';').map(Number)
    if (mark === '?' && (final === 'h' || final === 'l')) {
      this.modes.set(numbers[0] ?? 0, final === 'h')
      if (parameters === '2026' && final === 'l') this.updates += 1
    } else if (final === 'H') {
      this.#row = Math.min((numbers[0] || 1) - 1, this.rows - 1)
      this.#column = Math.min((numbers[1] || 1) - 1, this.columns - 1)
    } else if (final === 'm') this.#colours(numbers)
    else if (parameters + final === 'K')
      this.#cells[this.#row]?.splice(this.#column, this.columns, ...this.#blanks())
    else if (final === 'J' && parameters === '2') this.resize(this.columns, this.rows)
    else if (final === 't' && parameters === '22;2') this.#titles.push(this.title)
    else if (final === 't' && parameters === '23;2') this.title = this.#titles.pop() ?? this.title
    else if (final === 'c') this.answer('\x1b[?62;22c')
    else if (parameters + final === '16t') this.answer('\x1b[6;20;10t')
    else throw new Error(`unknown sequence CSI ${mark}${parameters}${final}`)
  }

  #blanks(): EmulatedCell[] {
    return Array.from({ length: this.columns - this.#column }, blank)
  }

  #colours(numbers: readonly number[]): void {
    for (let at = 0; at < numbers.length; at++) {
      const code = numbers[at] ?? 0
      if (code === 0) this.#foreground = this.#background = undefined
      else if (code === 39) this.#foreground = undefined
      else if (code === 49) this.#background = undefined
      else if (code >= 40 && code < 48) this.#background = String(code)
      else if ((code >= 30 && code < 38) || code >= 90) this.#foreground = String(code)
      else {
        const length = numbers[at + 1] === 2 ? 3 : 1
        const colour = numbers.slice(at + 2, at + 2 + length).join(',')
        if (code === 38) this.#foreground = colour
        else if (code === 48) this.#background = colour
        else throw new Error(`unknown colour ${numbers.join(';')}`)
        at += length + 1
      }
    }
  }

  #graphics(content: string): void {
    const [, head = '', data = ''] = /^G([^;]*);?(.*)$/s.exec(content) ?? []
    const control = Object.fromEntries(head.split(',').map((pair) => pair.split('='))) as Record<
      string,
      string
    >
    if (control['a'] === 'q')
      return this.knowsKitty ? this.answer(`\x1b_Gi=${control['i']};OK\x1b\\`) : undefined
    if (control['a'] === 'd') return void this.images.delete(control['i'] ?? '')
    if (data.length > 4096) throw new Error(`a chunk of ${data.length}`)
    this.#image ??= { control, data: '' }
    this.#image.data += data
    if (control['m'] === '1') return
    const pixels = Buffer.from(this.#image.data, 'base64')
    const image = { control: this.#image.control, pixels, column: this.#column, row: this.#row }
    this.images.set(this.#image.control['i'] ?? '', image)
    this.#image = undefined
  }
}

function blank(): EmulatedCell {
  return { glyph: ' ', foreground: undefined, background: undefined }
}
