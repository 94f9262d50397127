import type { Format, FormatEnd } from '@zcast/formats'
import { type BlockKind, KINDS, OptionError } from '@zcast/shared'
import type { Arguments } from '../reading/arguments.ts'
import type { OptionGroup, ValueSpec } from '../option-spec.ts'

/** Every format, the usual one first. The names are here, too: reading the others loads what carries them out. */
export const FORMAT_NAMES = [
  'zcast',
  'imagezmq',
  'imagezmq:pixels',
  'netgear',
  'netgear:0',
  'netgear:1',
  'netgear:2',
  'plotjuggler',
  'json',
  'msgpack',
  'pickle',
  'raw',
] as const

/** The endpoint of a kind on this machine, with the usual port of a format's programs. */
export function usualEndpoint(kind: BlockKind, format: Format | undefined): string {
  const { endpoint } = KINDS[kind]
  return format?.port === undefined ? endpoint : endpoint.replace(/\d+$/, String(format.port))
}

/** The option that chooses the format of the messages. */
export const FORMAT_OPTION = {
  type: 'string',
  value: 'FORMAT',
  choices: FORMAT_NAMES,
  describe: `messages of other programs: ${FORMAT_NAMES.slice(1).join(', ')} [default: zcast]`,
} as const satisfies ValueSpec

/** Its group in help. */
export const FORMAT_GROUP: OptionGroup = { subject: 'Other programs', options: { format: FORMAT_OPTION } }

/**
 * Reads the format for streams of some kinds.
 *
 * @param kinds - Those that the command can use, at least one of which the format must carry. Default: any format will
 *   do, also `raw`.
 * @returns `undefined` for zcast's own: nothing else is loaded for it.
 * @throws {@link OptionError} when there is no such format, or it does not carry them, or is not written.
 */
export async function readFormat(
  args: Arguments,
  end: FormatEnd,
  kinds?: readonly BlockKind[],
): Promise<Format | undefined> {
  return findFormatFor(args.text('format'), end, kinds)
}

/** As {@link readFormat}, for a name. */
export async function findFormatFor(
  name: string | undefined,
  end: FormatEnd,
  kinds?: readonly BlockKind[],
): Promise<Format | undefined> {
  if (name === undefined || name === 'zcast') return undefined
  const { findFormat } = await import('@zcast/formats')
  const format = findFormat(name)
  if (end === 'publisher' && !format.isWritten)
    throw new OptionError(`format ${name} is only read: publish in another one`)
  if (kinds && !kinds.some((kind) => format.kinds.includes(kind)))
    throw new OptionError(
      format.kinds.length === 0
        ? `format ${name} has no values, only parts: it is for "topic echo"`
        : `format ${name} carries ${format.kinds.join(' and ')}, not ${kinds.join(' or ')}`,
    )
  return format
}
