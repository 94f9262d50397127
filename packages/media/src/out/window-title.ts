import { loadX11, type X11Client } from './x11-client.ts'

// The largest depth of a program's window below the root: a window manager puts it into a frame of its own.
const MOST_DEPTH = 3
const MOST_WINDOWS = 2000

/**
 * Changes the title of another process's window on a display that speaks X11 (also XWayland); elsewhere the title stays
 * unchanged. ffplay reads its title only once, when it starts.
 */
export class WindowTitle {
  readonly #client: X11Client
  readonly #root: number
  readonly #pid: number
  #window: number | undefined

  private constructor(client: X11Client, root: number, pid: number) {
    this.#client = client
    this.#root = root
    this.#pid = pid
  }

  /**
   * @param pid - The process that owns the window; the window may appear later.
   * @param environment - The environment that holds `DISPLAY`.
   * @returns `undefined` when the display cannot be reached.
   */
  static async open(
    pid: number,
    environment: Readonly<Record<string, string | undefined>>,
  ): Promise<WindowTitle | undefined> {
    const display = environment['DISPLAY']
    if (!display) return undefined
    const x11 = loadX11()
    return new Promise((resolve) => {
      const client = x11.createClient({ display }, (error, opened) => {
        if (error || !opened?.screen[0]) return resolve(undefined)
        resolve(new WindowTitle(opened.client, opened.screen[0].root, pid))
      })
      // A display that disappears takes the window with it, which is reported elsewhere.
      client.on('error', () => resolve(undefined))
    })
  }

  /** Sets the title; does nothing while there is no window. Never rejects. */
  async set(title: string): Promise<void> {
    try {
      this.#window ??= await this.#find()
      if (this.#window === undefined) return
      const { atoms } = this.#client
      const utf8 = await this.#atom('UTF8_STRING')
      const bytes = Buffer.from(title)
      this.#client.ChangeProperty(0, this.#window, atoms.WM_NAME, utf8, 8, bytes)
      this.#client.ChangeProperty(0, this.#window, await this.#atom('_NET_WM_NAME'), utf8, 8, bytes)
    } catch {
      // The window was replaced, or is gone.
      this.#window = undefined
    }
  }

  /** Closes the connection to the display. */
  close(): void {
    this.#client.terminate()
  }

  async #find(): Promise<number | undefined> {
    const pidAtom = await this.#atom('_NET_WM_PID')
    let level = [this.#root]
    let seen = 0
    for (let depth = 0; depth < MOST_DEPTH; depth++) {
      const below: number[] = []
      for (const window of level) {
        for (const child of await this.#children(window)) {
          if (++seen > MOST_WINDOWS) return undefined
          if ((await this.#number(child, pidAtom)) === this.#pid) return child
          below.push(child)
        }
      }
      level = below
    }
    return undefined
  }

  async #children(window: number): Promise<readonly number[]> {
    const tree = await ask<{ readonly children: readonly number[] }>((answer) =>
      this.#client.QueryTree(window, answer),
    )
    return tree.children
  }

  async #number(window: number, property: number): Promise<number | undefined> {
    const { data } = await ask<{ readonly data: Buffer }>((answer) =>
      this.#client.GetProperty(0, window, property, 0, 0, 1, answer),
    )
    return data.length >= 4 ? data.readUInt32LE(0) : undefined
  }

  #atom(name: string): Promise<number> {
    return ask<number>((answer) => this.#client.InternAtom(false, name, answer))
  }
}

/** Sends a request to the display; rejects with the display's error. */
function ask<T>(request: (answer: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    request((error, value) => (error ? reject(error) : resolve(value)))
  })
}
