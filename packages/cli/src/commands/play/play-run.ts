import { type Recording, Replay } from '@zcast/recording'
import { pause } from '@zcast/shared/internal'
import type { CommandContext } from '../../command-context.ts'
import { warnOfDamage } from '../../history/warn-of-damage.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { chooseTopics, openPlayed, spanOf } from './open-played.ts'
import type { PlayPlan } from './plan-play.ts'
import { playAsRecorded } from './play-as-recorded.ts'
import { playLive } from './play-live.ts'
import { formatProgress, type PlayProgress } from './play-progress.ts'
import { findRange } from './play-range.ts'
import { closeSockets, describeSockets, openSockets, type PlaySocket } from './play-sockets.ts'
import { showPlay } from './show-play.ts'

const LOOK_AGAIN_MS = 20
/** Who has just connected, and wants several topics, asks for them one after the other. */
const SETTLE_MS = 100
/** Losses that are marked. */
const MOST_LOSSES = 10_000

/** `zcast play` at work. */
export class PlayRun {
  readonly #context: CommandContext
  readonly #plan: PlayPlan
  readonly #args: Arguments

  constructor(context: CommandContext, plan: PlayPlan, args: Arguments) {
    this.#context = context
    this.#plan = plan
    this.#args = args
  }

  /** Plays to the end. */
  async run(): Promise<void> {
    await using recording = await openPlayed(this.#context, this.#plan.paths)
    const { damagedChunks: told } = recording
    const topics = chooseTopics(recording, this.#plan.topics)
    const { speed, loop, isStepped: isPaused, isAsRecorded: isExact, range } = this.#plan
    const { from, to } = findRange(range, await spanOf(recording))
    // As recorded, each array is a message of its own if it was one.
    const options = { topics, speed, loop, isPaused, isExact, joinsRows: !isExact, from, to }
    const replay = await Replay.open(recording, options)
    const ended = new AbortController()
    try {
      const open = { plan: this.#plan, args: this.#args, sources: replay.sources }
      const sockets = await openSockets(this.#context, open, ended.signal)
      try {
        await this.#play(recording, replay, sockets)
      } finally {
        await closeSockets(sockets, !this.#context.interrupted())
      }
    } finally {
      ended.abort()
      warnOfDamage(recording, this.#context.log, told)
    }
  }

  async #play(recording: Recording, replay: Replay, sockets: readonly PlaySocket[]): Promise<void> {
    const context = this.#context
    const { isStepped } = this.#plan
    const where = describeSockets(sockets)
    for (const line of where) context.status(`playing ${line}`)
    const topics = replay.sources.length
    const sum = (of: 'sent' | 'dropped'): number =>
      sockets.reduce((total, { publisher }) => total + publisher[of], 0)
    const { path } = recording
    const { player } = replay
    const read = (): PlayProgress => ({ path, player, topics, sent: sum('sent'), dropped: sum('dropped') })
    const losses = await readLosses(recording)
    const close = await showPlay(context, { read, isStepped, losses, where })
    context.ready()
    try {
      const begin = (signal: AbortSignal): Promise<void> => this.#untilWatched(sockets, signal)
      if (this.#plan.isAsRecorded) await playAsRecorded(player, sockets, begin, context.signal)
      else await playLive(replay, sockets, begin, context.signal)
    } finally {
      await close()
      context.summary(`${path}: ${formatProgress(read())}`)
      context.report({ type: 'summary', sent: sum('sent'), lost: 0, latencyMs: null })
    }
  }

  async #untilWatched(sockets: readonly PlaySocket[], signal: AbortSignal): Promise<void> {
    const { waitFor } = this.#plan
    const count = (): number => sockets.reduce((sum, { publisher }) => sum + publisher.subscribers, 0)
    if (count() < waitFor)
      this.#context.status(
        `begins once ${waitFor === 1 ? 'a subscriber is' : `${waitFor} subscribers are`} connected`,
      )
    while (count() < waitFor && !signal.aborted) await pause(LOOK_AGAIN_MS, signal)
    if (waitFor > 0) await pause(SETTLE_MS, signal)
  }
}

async function readLosses(recording: Recording): Promise<readonly number[]> {
  const times: number[] = []
  for await (const { time } of recording.losses()) {
    times.push(time)
    if (times.length === MOST_LOSSES) break
  }
  return times
}
