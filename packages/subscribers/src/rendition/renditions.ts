import { type Envelope, parseTopic } from '@zcast/shared'
import { heightOfRendition } from '@zcast/shared/internal'
import { AS_IT_IS, RenditionStream } from './rendition-stream.ts'

/** The requests of {@link Renditions} to their subscriber. */
export interface RenditionsOptions {
  /** Subscribes to a topic in place of another; on a lane when its publisher has them. */
  readonly open: (topic: string, stream: string, hasLanes: boolean) => void
  /** Cancels that subscription. */
  readonly close: (topic: string) => void
  /** Called with the topic that was subscribed to when other renditions of it are received, or available. */
  readonly onChange: (stream: RenditionStream) => void
}

/**
 * The streams of a subscriber whose renditions are chosen automatically. Whole kinds have none: their streams are not
 * known in advance.
 */
export class Renditions {
  readonly #streams = new Map<string, RenditionStream>()

  /** @param topics - Already subscribed to. */
  constructor(topics: readonly string[], { open, close, onChange }: RenditionsOptions) {
    for (const topic of topics) {
      const parsed = parseTopic(topic)
      if (parsed?.kind !== 'video' || parsed.rendition !== undefined) continue
      const stream: RenditionStream = new RenditionStream(topic, {
        open: (output, hasLanes) => open(output, topic, hasLanes),
        close,
        onChange: () => onChange(stream),
      })
      this.#streams.set(topic, stream)
    }
  }

  /** A stream by its topic, or by that of one of its renditions. */
  of(topic: string): RenditionStream | undefined {
    if (this.#streams.size === 0) return undefined
    return this.#streams.get(topic) ?? this.#streams.get(streamTopicOf(topic))
  }

  /** Takes a new picture. @returns The envelope to be shown; `undefined` when it should not be shown. */
  take(envelope: Envelope, nowMs: number): Envelope | undefined {
    const stream = this.of(envelope.topic)
    if (!stream) return envelope
    if (!stream.arrived(envelope, nowMs)) return undefined
    return envelope.topic === stream.topic ? envelope : { ...envelope, renditionOf: stream.topic }
  }

  /** Returns to the topics themselves because nothing comes. */
  turnBack(): void {
    for (const stream of this.#streams.values()) stream.turnBack()
  }
}

/** The name of an output's rendition; `undefined` for the stream itself. */
export function nameOf(output: string): string | undefined {
  return output === AS_IT_IS ? undefined : output
}

/** True when a rendition is smaller than another; `undefined` is the stream itself. */
export function isSmallerRendition(name: string | undefined, than: string | undefined): boolean {
  const heightOf = (one?: string): number => (one && heightOfRendition(one)) || Number.POSITIVE_INFINITY
  return heightOf(name) < heightOf(than)
}

function streamTopicOf(topic: string): string {
  return topic.replace(/@[^/]*/, '')
}
