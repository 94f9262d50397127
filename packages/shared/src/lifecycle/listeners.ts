import { OptionError } from '../errors.ts'

/** Functions that are called with the events of one object; `Events` maps each event to its data. */
export class Listeners<Events extends object> {
  readonly #listeners: ReadonlyMap<keyof Events, Set<(told: never) => void>>

  /** @param events - The names of all events. */
  constructor(events: readonly (keyof Events)[]) {
    this.#listeners = new Map(events.map((event) => [event, new Set()]))
  }

  /** True while an event has a listener. */
  has(event: keyof Events): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0
  }

  /**
   * Calls `listener` with each such event from now on.
   *
   * @returns A function that removes the listener; it may be called twice.
   * @throws {@link OptionError} `ERR_OPTION` when there is no such event.
   */
  on<Event extends keyof Events>(event: Event, listener: (told: Events[Event]) => void): () => void {
    const listeners = this.#listeners.get(event)
    if (!listeners) {
      const names = [...this.#listeners.keys()].join(', ')
      throw new OptionError(`there is no event "${String(event)}" to listen to: the events are ${names}`)
    }
    if (typeof listener !== 'function') {
      throw new OptionError(`the listener of "${String(event)}" must be a function`)
    }
    // A function of its own, so that a listener that is added twice is called twice and removed once.
    const added = (told: never): void => listener(told)
    listeners.add(added)
    return () => listeners.delete(added)
  }

  /**
   * Calls every listener. An error thrown by a listener does not reach the caller: it is rethrown as an uncaught error.
   */
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
