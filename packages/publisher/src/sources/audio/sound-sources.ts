import type { Readable } from 'node:stream'
import { openPcm, STREAM_SOUND } from '@zcast/media/audio'
import { type Log, OptionError, SourceError } from '@zcast/shared'
import { errorMessage, openStandardInput } from '@zcast/shared/internal'
import type { Source } from '../source.ts'
import { MicrophoneSource } from './microphone-source.ts'
import { SoundFileSource } from './sound-file-source.ts'
import { SoundShape } from './sound-shape.ts'
import { SoundStreamSource } from './sound-stream-source.ts'
import { ToneSource } from './tone-source.ts'

/** What a source of sound is opened with. */
export interface SoundOpening {
  /** Samples a second. Default: a file's own, else 48,000. */
  readonly rate?: number | undefined
  /** Default: a file's own; 1 of a tone and a microphone, else 2. */
  readonly channels?: number | undefined
  /** Begin a file again at its end. Default true. */
  readonly loop?: boolean | undefined
  /** Milliseconds with nobody listening after which ffmpeg is ended. Default 10,000. */
  readonly lingerMs?: number | undefined
  readonly log?: Log | undefined
  readonly signal?: AbortSignal | undefined
  /** What `-` reads. Default: the standard input of this process. */
  readonly stdin?: Readable | undefined
}

const DEFAULT_RATE = 48_000

/**
 * Says what a SOURCE of sound means: `tone[:HERTZ]`, `mic[:DEVICE]`, `-` for standard input, and anything else is a file.
 * Opens nothing.
 *
 * @throws {@link OptionError} when it has the form of one of these and is none.
 */
export function parseSoundSource(text: string): { open(opening: SoundOpening): Promise<Source> } {
  const [, word, rest] = /^(tone|mic)(?::(.+))?$/s.exec(text) ?? []
  if (word === 'tone') {
    const hertz = rest === undefined ? undefined : Number(rest)
    if (Number.isNaN(hertz)) throw new OptionError(`"${text}" must be tone:HERTZ, such as tone:440`)
    return { open: async ({ rate, channels }) => new ToneSource({ hertz, rate, channels }) }
  }
  if (word === 'mic') {
    return {
      open: async ({ rate = DEFAULT_RATE, channels = 1, log }) =>
        new MicrophoneSource(rest ?? '', new SoundShape(rate, channels), log),
    }
  }
  if (text === '-') return { open: async (opening) => openStream(opening) }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    throw new OptionError(`sound comes from a file, tone, mic or -, got "${text}"`)
  return { open: async (opening) => openFile(text, opening) }
}

/** With a rate it is bare samples, else whatever ffmpeg finds in it. */
function openStream({ rate, channels = 2, stdin = openStandardInput() }: SoundOpening): Source {
  const shape = new SoundShape(rate ?? DEFAULT_RATE, channels)
  if (rate !== undefined) return new SoundStreamSource({ shape, open: (signal) => readUntil(stdin, signal) })
  const options = { name: '-', input: STREAM_SOUND, channels, rate: shape.rate }
  const open = (signal: AbortSignal): AsyncIterable<Uint8Array> =>
    openPcm({ ...options, feed: readUntil(stdin, signal) }, signal)
  return new SoundStreamSource({ shape, open, waits: true })
}

async function openFile(path: string, opening: SoundOpening): Promise<Source> {
  const source = await SoundFileSource.open(path, opening)
  if (source) return source
  throw new SourceError('ERR_SOURCE_UNREADABLE', `there is no sound in "${path}": give a file that has some`)
}

/** The bytes of a stream that may have nothing for now, which must not hold up the end. */
async function* readUntil(stream: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stop = (): void => void stream.destroy()
  signal.addEventListener('abort', stop)
  try {
    if (!signal.aborted) yield* stream
  } catch (error) {
    if (signal.aborted) return
    throw new SourceError(
      'ERR_SOURCE_FAILED',
      `cannot read the sound on standard input: ${errorMessage(error)}`,
      {
        cause: error,
      },
    )
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
