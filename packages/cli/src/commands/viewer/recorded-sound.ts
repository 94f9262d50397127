import { openTransport } from '@zcast/shared'
import { errorMessage, pause } from '@zcast/shared/internal'
import { type Sink, Subscriber } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import { Admission } from '../../subscription/admission.ts'
import { nameTopics } from '../../subscription/plan.ts'
import type { SoundPlan } from './plan-sound.ts'

/** The first picture waits this long for a publisher of its sound, in milliseconds. */
const PATIENCE_MS = 2000
const LOOK_MS = 20

/** Receives the sound of what is recorded, beside the subscription to its pictures. */
export class RecordedSound {
  readonly #plan: SoundPlan
  #context: CommandContext | undefined
  #subscriber: Subscriber | undefined
  #handingOn: Promise<void> | undefined

  constructor(plan: SoundPlan) {
    this.#plan = plan
  }

  /** True when there is a publisher of sound, as far as is known after two seconds. */
  readonly isThere = async (): Promise<boolean> => {
    if (this.#plan.isExpected) return true
    const untilMs = performance.now() + PATIENCE_MS
    while (performance.now() < untilMs && this.#context?.signal.aborted === false) {
      if (this.#subscriber?.state === 'live') return true
      await pause(LOOK_MS, this.#context.signal)
    }
    return false
  }

  /** Hands on what comes. @param sink - Opened and closed by somebody else. */
  async start(context: CommandContext, sink: Sink): Promise<void> {
    this.#context = context
    const { keys, maxValues: _, ...options } = { ...this.#plan.plan, delivery: 'all' as const }
    const admission = new Admission(context, keys)
    const transport = await openTransport(options.connect, admission.security)
    const subscriber = await Subscriber.open({ ...options, log: context.log, transport })
    admission.watch(subscriber, options)
    this.#subscriber = subscriber
    this.#handingOn = handOn(subscriber, sink).catch((error: unknown) =>
      context.log.error(`no further sound is recorded: ${errorMessage(error)}`, error),
    )
  }

  /** Stops receiving, and says what is missing. */
  async end(): Promise<void> {
    await this.#subscriber?.close()
    await this.#handingOn
    const lost = this.#subscriber?.statistics.counts().lost ?? 0
    if (lost > 0)
      this.#context?.log.warning(
        `${lost} messages of ${nameTopics(this.#plan.plan)} were lost: the recording is silent there`,
      )
  }
}

async function handOn(subscriber: Subscriber, sink: Sink): Promise<void> {
  for await (const envelope of subscriber) await sink.write(envelope)
}
