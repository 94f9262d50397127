import { existsSync } from 'node:fs'
import { KINDS, OptionError, type SourceKind } from '@zcast/shared'
import { isSourceKind, KIND_CHOICES, SOURCE_KINDS } from '@zcast/shared/internal'
import { planStreams, refuseSingleOptions } from './plan-streams.ts'
import { planPublisherKeys } from '../../options/keys/publisher-keys.ts'
import { publishStreams } from './publish-run.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { didYouMean } from '../../options/reading/suggestion.ts'
import type { Plan } from '../../command.ts'

/** The kinds that are published when none is named. */
const PUBLISHED_TOGETHER = SOURCE_KINDS.filter((kind) => KINDS[kind].isExpected)

/** Reads and checks the options of `zcast publish`. @throws {@link OptionError} when one is wrong. */
export async function planPublish(args: Arguments): Promise<Plan> {
  const what = args.text('what')
  if (what !== undefined && !isSourceKind(what)) {
    throw new OptionError(
      `cannot publish "${what}": choose ${KIND_CHOICES}, or none for numbers and video${meantBy(what)}`,
    )
  }
  if (what === undefined) refuseSingleOptions(args)
  const kinds = what === undefined ? PUBLISHED_TOGETHER : [what]
  const planned = await Promise.all(kinds.map((kind) => planStreams(kind, args, what !== undefined)))
  const plans = planned.flat()
  const keys = await planPublisherKeys(args, plans)
  const maxValues = args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER })
  return { role: 'publisher', run: (context) => publishStreams(context, plans, keys, maxValues) }
}

/** What files of numbers, and of sound, are called. */
const TABLE = /\.(?:csv|tsv|tab|txt|dat|log|lvm|asc|jsonl?|ndjson)$/i
const SOUND = /\.(?:wav|mp3|flac|ogg|opus|m4a|aac|aiff?)$/i

/** A source is often given without its kind. */
function meantBy(what: string): string {
  if (what === 'chat') return '; to say something in a room, use "zcast chat"'
  const kind = kindOfSource(what)
  return kind === undefined ? didYouMean(what, SOURCE_KINDS) : `; did you mean "publish ${kind} ${what}"?`
}

function kindOfSource(what: string): SourceKind | undefined {
  if (TABLE.test(what) || /^(?:udp|serial):/.test(what) || what === '-') return 'numbers'
  if (SOUND.test(what) || /^(?:mic|tone)(?::|$)/.test(what)) return 'audio'
  const isLive = /^(?:(?:camera|screen|pattern)(?::|$)|(?:https?|rtsp|framed):\/\/)/.test(what)
  return isLive || existsSync(what) ? 'video' : undefined
}
