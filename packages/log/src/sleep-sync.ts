const cell = new Int32Array(new SharedArrayBuffer(4))

/** Blocks this thread, including its event loop. Only for waits of a few milliseconds inside a synchronous write. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(cell, 0, 0, milliseconds)
}
