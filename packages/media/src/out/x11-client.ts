import { createRequire } from 'node:module'

type Answer<T> = (error: Error | null, value: T) => void

/** The part of the X11 client that is used here; the package has no types of its own. */
export interface X11Client {
  readonly atoms: { readonly WM_NAME: number }
  InternAtom(onlyIfExists: boolean, name: string, answer: Answer<number>): void
  QueryTree(window: number, answer: Answer<{ readonly children: readonly number[] }>): void
  GetProperty(
    remove: 0,
    window: number,
    property: number,
    type: number,
    offset: number,
    length: number,
    answer: Answer<{ readonly data: Buffer }>,
  ): void
  ChangeProperty(mode: 0, window: number, property: number, type: number, bits: 8, data: Buffer): void
  on(event: 'error', listener: (error: Error) => void): void
  terminate(): void
}

interface X11 {
  createClient(
    options: { readonly display: string },
    opened: (
      error: Error | null,
      display?: { readonly client: X11Client; readonly screen: readonly { readonly root: number }[] },
    ) => void,
  ): X11Client
}

/** Loads the X11 client, which is needed only to show a window. */
export function loadX11(): X11 {
  return createRequire(import.meta.url)('x11') as X11
}
