import { OptionError } from '../errors.ts'

/** Functions that are called with the events of one object; `Events` has what each event tells. */
export class Listeners<Events extends object> {
  readonly #listeners: ReadonlyMap<keyof Events, Set<(told: never) => void>>

  /** @param events - The names of all events. */
  constructor(events: readonly (keyof Events)[]) {
    this.#listeners = new Map(events.map((event) => [event, new Set()]))
  }

  /** True while somebody listens to an event. */
  has(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0
  }

  /**
   * Calls `listener` with each such event from now on.
   *
   * @returns A function that ends this; it may be called twice.
   * @throws {@link OptionError} `ERR_OPTION` when there is no such event.
   */
  on<Event extends keyof Events>(event: Event, listener: (told: Events[Event]) => void): () => void {
    const listeners = this.#listeners.get(event)
    if (!listeners) {
      const names = [...this.#listeners.keys()].join(', ')
      throw new OptionError(`there is no event "${String(event)}" to listen to: there are ${names}`)
    }
    if (typeof listener !== 'function') {
      throw new OptionError(`the listener of "${String(event)}" must be a function`)
    }
    // One of its own, so that a listener that is added twice is called twice and ended once.
    const added = (told: never): void => listener(told)
    listeners.add(added)
    return () => listeners.delete(added)
  }

  /** Tells every listener. What one throws is nobody's but its own: it is thrown as if nobody had called it. */
  tell<Event extends keyof Events>(event: Event, told: Events[Event]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(told as never)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
