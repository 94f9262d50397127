import type { NumbersCondition, TriggerRecorder } from '@zcast/recording'
import type { Envelope } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { listenToKeys } from '../../process/key-presses.ts'

/** The key that keeps what has just come. */
const KEY = 'k'

const SIGNAL = 'SIGUSR1'

/** What a person or another program triggers a recorder by. */
export interface Triggers {
  /** As people are told: `k is pressed`. */
  readonly way: string
  close(): void
}

/**
 * Has a key and a signal trigger a recorder. While a file is being written that has no end of its own, they end it.
 */
export function listenForTriggers(
  { shutdown }: Pick<CommandContext, 'shutdown'>,
  recorder: TriggerRecorder,
  postSeconds: number | undefined,
): Triggers {
  const trigger = (): void => {
    if (recorder.isKeeping && postSeconds === undefined) void recorder.stop()
    else recorder.trigger()
  }
  const onKey = (key: string): void => {
    if (key.toLowerCase() === KEY) trigger()
    if (key.toLowerCase() === 'q') shutdown()
  }
  const giveBack = listenToKeys(onKey, shutdown)
  // Without a listener Node opens its debugger.
  process.on(SIGNAL, trigger)
  return {
    way: giveBack ? `${KEY} is pressed, or ${SIGNAL} comes` : `${SIGNAL} comes to process ${process.pid}`,
    close: () => {
      process.off(SIGNAL, trigger)
      giveBack?.()
    },
  }
}

/** A recorder that a condition triggers, too. */
export class WatchingSink implements Sink {
  readonly #recorder: TriggerRecorder
  readonly #when: NumbersCondition
  readonly #isExtended: boolean

  /** @param isExtended - A file goes on for as long as the condition holds. */
  constructor(recorder: TriggerRecorder, when: NumbersCondition, isExtended: boolean) {
    this.#recorder = recorder
    this.#when = when
    this.#isExtended = isExtended
  }

  open(context: SinkContext): Promise<void> {
    return this.#recorder.open(context)
  }

  async write(envelope: Envelope): Promise<void> {
    await this.#recorder.write(envelope)
    if (this.#when.hasBegun(envelope) || (this.#isExtended && this.#recorder.isKeeping && this.#when.isMet))
      this.#recorder.trigger()
  }

  close(): Promise<void> {
    return this.#recorder.close()
  }
}
