import { type BlockKind, formatTopic, KINDS, OptionError } from '@zcast/shared'
import { existsSync } from 'node:fs'
import type { Arguments } from '../reading/arguments.ts'

/** {@link LIVE_OPTIONS}, read and checked. */
export interface LiveCommandOptions {
  readonly exitOnEnd: boolean
  readonly watch: boolean
}

/** @throws {@link OptionError} when one is wrong. */
export function readLiveOptions(args: Arguments): LiveCommandOptions {
  return { exitOnEnd: args.flag('exit-on-end') ?? false, watch: args.flag('watch') ?? false }
}

/** One of the sources that a command line names. */
export interface NamedSource {
  /** The stream's name. */
  readonly stream: string
  /** As for `parseVideoSource` or `parseSoundSource`. */
  readonly source: string
}

const NAMED = /^([A-Za-z0-9._-]{1,64})=(.+)$/s

/**
 * Reads `SOURCE`, or several as `NAME=SOURCE`. A file whose name has that form is a file.
 *
 * @param texts - As given.
 * @param stream - The name of a single stream, if it was given.
 * @param of - The kind of the sources, and the one that an empty list stands for. Default: video, the test pattern.
 * @throws {@link OptionError} when several do not have different names.
 */
export function readNamedSources(
  texts: readonly string[],
  stream: string | undefined,
  { kind, usual }: { readonly kind: BlockKind; readonly usual: string } = { kind: 'video', usual: 'pattern' },
): readonly NamedSource[] {
  if (texts.length === 0) return [{ stream: stream ?? KINDS[kind].stream, source: usual }]
  const sources = texts.map((text) => readNamedSource(text, texts.length > 1 ? undefined : stream, kind))
  for (const [index, { stream: name }] of sources.entries()) {
    formatTopic(kind, name)
    if (sources.findIndex((other) => other.stream === name) === index) continue
    throw new OptionError(
      `several sources need names of their own, such as cam=camera door=rtsp://..., got "${name}" twice`,
    )
  }
  if (stream !== undefined && texts.length > 1)
    throw new OptionError('stream applies to a single source only: write NAME=SOURCE')
  return sources
}

function readNamedSource(text: string, stream: string | undefined, kind: BlockKind): NamedSource {
  const named = existsSync(text) ? null : NAMED.exec(text)
  if (!named) return { stream: stream ?? KINDS[kind].stream, source: text }
  if (stream !== undefined) throw new OptionError(`give either stream or NAME=SOURCE, not both`)
  return { stream: named[1] as string, source: named[2] as string }
}
