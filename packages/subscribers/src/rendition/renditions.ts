import { parseTopic, type Envelope } from '@zcast/shared'
import { heightOfRendition } from '@zcast/shared/internal'
import { AS_IT_IS, RenditionStream } from './rendition-stream.ts'

/** What {@link Renditions} ask their subscriber for. */
export interface RenditionsOptions {
  /** Subscribes to a topic in the place of another; on a lane where its publisher has them. */
  readonly open: (topic: string, stream: string, hasLanes: boolean) => void
  /** Takes that back. */
  readonly close: (topic: string) => void
  /** Called with the topic that was asked for when other renditions of it are received, or are there. */
  readonly onChange: (stream: RenditionStream) => void
}

/** The streams of a subscriber whose renditions choose themselves. Whole kinds have none: what is in them is not known before. */
export class Renditions {
  readonly #streams = new Map<string, RenditionStream>()

  /** @param topics - Subscribed to already. */
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

  /** A stream by its topic, or that of one of its renditions. */
  of(topic: string): RenditionStream | undefined {
    if (this.#streams.size === 0) return undefined
    return this.#streams.get(topic) ?? this.#streams.get(streamTopicOf(topic))
  }

  /** Takes a picture that had not come before. @returns It as it is to be shown; `undefined` where it is not. */
  take(envelope: Envelope, nowMs: number): Envelope | undefined {
    const stream = this.of(envelope.topic)
    if (!stream) return envelope
    if (!stream.arrived(envelope, nowMs)) return undefined
    return envelope.topic === stream.topic ? envelope : { ...envelope, renditionOf: stream.topic }
  }

  /** Nothing comes: turns back to what was asked for. */
  turnBack(): void {
    for (const stream of this.#streams.values()) stream.turnBack()
  }
}

/** The name of the rendition that a topic has; `undefined` for a stream as it is. */
export function nameOf(output: string): string | undefined {
  return output === AS_IT_IS ? undefined : output
}

/** Whether a rendition is smaller than another; `undefined` is the stream as it is. */
export function isSmallerRendition(name: string | undefined, than: string | undefined): boolean {
  const heightOf = (one?: string): number => (one && heightOfRendition(one)) || Number.POSITIVE_INFINITY
  return heightOf(name) < heightOf(than)
}

function streamTopicOf(topic: string): string {
  return topic.replace(/@[^/]*/, '')
}
