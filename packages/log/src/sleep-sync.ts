const cell = new Int32Array(new SharedArrayBuffer(4))

/** Stops this thread, its event loop included. For waits of a few milliseconds inside a synchronous write only. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(cell, 0, 0, milliseconds)
}
