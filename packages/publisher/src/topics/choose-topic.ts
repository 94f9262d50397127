import {
  type BlockKind,
  checkColumnLabels,
  type ColumnLabels,
  OptionError,
  parseTopic,
  type TopicShape,
} from '@zcast/shared'
import { isKind } from '@zcast/shared/internal'
import type { HandleTopic } from './begin-topic.ts'
import { ChatTopic } from './chat-topic.ts'
import { NumbersTopic } from './numbers-topic.ts'
import { type SoundOptions, SoundPieces } from './sound-pieces.ts'
import { SoundTopic } from './sound-topic.ts'
import type { TopicLink } from './topic-handle.ts'
import { VideoTopic } from './video-topic.ts'

/** A handle of any kind. */
export type AnyTopic = NumbersTopic | VideoTopic | SoundTopic | ChatTopic

/** A topic that takes values, as a program has asked for it. */
export interface ChosenTopic extends HandleTopic {
  readonly kind: BlockKind
  /** What its values will look like. */
  readonly shape: TopicShape
  /** Makes its handle. */
  readonly make: (link: TopicLink) => AnyTopic
}

/** Makes the handles of each kind, of options that are checked before anything is linked that only a handle would undo. */
const HANDLES: Readonly<
  Partial<Record<BlockKind, (options: ColumnLabels & SoundOptions) => (link: TopicLink) => AnyTopic>>
> = {
  numbers: (options) => {
    const labels = checkColumnLabels(options)
    return (link) => new NumbersTopic(link, labels)
  },
  video: () => (link) => new VideoTopic(link),
  audio: (options) => {
    const pieces = new SoundPieces(options)
    return (link) => new SoundTopic(link, pieces)
  },
  chat: () => (link) => new ChatTopic(link),
}

/**
 * Reads which topic a program wants to send values to, and checks its options.
 *
 * @throws {@link OptionError} `ERR_TOPIC` when it is none, `ERR_OPTION` when an option is wrong.
 */
export function chooseTopic(topic: string, options: ColumnLabels & SoundOptions): ChosenTopic {
  const { kind, rendition, stream } = parseTopic(topic) ?? {}
  const make = isKind(kind) ? HANDLES[kind]?.(options) : undefined
  if (!isKind(kind) || !make || stream === undefined || rendition !== undefined) {
    throw new OptionError(
      `"${topic}" is not a topic that takes values: write numbers/STREAM, video/STREAM, audio/STREAM or chat/STREAM, where STREAM is 1 to 64 of A-Z a-z 0-9 . _ -`,
      { code: 'ERR_TOPIC' },
    )
  }
  return { topic, kind, stream, shape: shapeOf(kind, options), make }
}

/** What the values of a topic will look like, by the options that it was begun with. */
function shapeOf(kind: BlockKind, options: ColumnLabels & SoundOptions): TopicShape {
  const { names, units, rate, channels, format } = options
  if (kind === 'numbers') return { columns: (names ?? units)?.length, names, units }
  return kind === 'audio' ? { rate, channels, format } : {}
}
