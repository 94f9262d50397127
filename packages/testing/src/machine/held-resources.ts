import { AsyncLocalStorage, createHook } from 'node:async_hooks'

// A process, a pipe or a timer that is still there would keep the program from ending.
const KINDS = new Set(['PROCESSWRAP', 'PIPEWRAP', 'Timeout', 'FSREQCALLBACK'])
// Node reports the end of a resource some turns of the event loop later.
const TURNS = 100

/**
 * The resources that `work` opened and left open when it resolved: processes, pipes and timers, without those that
 * others opened meanwhile.
 *
 * @returns Node's names of the resources; empty when all have been closed.
 */
export async function heldAfter(work: () => Promise<void>): Promise<string[]> {
  const inside = new AsyncLocalStorage<boolean>()
  const held = new Map<number, string>()
  const hook = createHook({
    init: (id, kind) => void (KINDS.has(kind) && inside.getStore() && held.set(id, kind)),
    destroy: (id) => void held.delete(id),
  }).enable()
  try {
    await inside.run(true, work)
    for (let turn = 0; turn < TURNS && held.size > 0; turn++) await new Promise(setImmediate)
    return [...held.values()]
  } finally {
    hook.disable()
  }
}
