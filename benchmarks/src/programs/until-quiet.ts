import type { Subscriber } from '@zcast/subscribers'

/** Closes a subscriber when nothing has come for half a second after something did. */
export function untilQuiet(subscriber: Subscriber): void {
  let before = 0
  const timer = setInterval(() => {
    const { delivered } = subscriber.statistics.counts()
    if (delivered > 0 && delivered === before) {
      clearInterval(timer)
      void subscriber.close()
    }
    before = delivered
  }, 500)
}
