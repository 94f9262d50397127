import { readdirSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { OptionError, parseTopic } from '@zcast/shared'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { checkNewFile } from '../../options/check-new-file.ts'
import { planRange } from '../play/play-range.ts'
import { EXPORT_FORMATS, type ExportFormat } from './export-format.ts'
import { runExport } from './run-export.ts'

/** Reads and checks the options of `zcast export`. @throws {@link OptionError} when one is wrong. */
export function planExport(args: Arguments): Plan {
  const given = args.list('files')
  const { format, topic } = planFormat(args)
  const output = args.text('output')
  const hasFolder = format.name === 'jpegs' && output === undefined && given.length > 1
  const paths = hasFolder ? given.slice(0, -1) : given
  if (paths.length === 0)
    throw new OptionError(`name a recording, such as "zcast export flight.mcap --${format.name} ${topic}"`)
  const path = hasFolder ? given.at(-1) : (output ?? defaultPath(paths, format, topic))
  checkPath(path, format)
  if (path === undefined && args.flag('json'))
    throw new OptionError('standard output holds either CSV or JSON: name a file for the CSV with output')
  const plan = { paths, format, topic, path, range: planRange(args) }
  return { role: undefined, run: (context) => runExport(context, plan) }
}

interface AskedFormat {
  readonly format: ExportFormat
  readonly topic: string
}

function planFormat(args: Arguments): AskedFormat {
  const asked = EXPORT_FORMATS.flatMap((format) => {
    const topic = args.text(format.name)
    return topic === undefined ? [] : [{ format, topic }]
  })
  for (const each of asked) checkTopic(each)
  const [first, second] = asked
  const all = EXPORT_FORMATS.map(({ name }) => `--${name}`).join(', ')
  if (!first) throw new OptionError(`say what is to be written, by one of ${all}`)
  if (second)
    throw new OptionError(`give one of ${all}, not both ${first.format.name} and ${second.format.name}`)
  return first
}

function checkTopic({ format, topic }: AskedFormat): void {
  const kind = parseTopic(topic)?.kind
  if (kind === undefined)
    throw new OptionError(`"${topic}" is not a topic: write KIND/STREAM such as numbers/imu`, {
      code: 'ERR_TOPIC',
    })
  if (!format.kinds.some((own) => own === kind))
    throw new OptionError(`${format.name} holds ${format.holds}, and ${topic} has none`)
}

/** `flight-video-main.mp4` in this folder; `undefined` for standard output. */
function defaultPath(
  paths: readonly string[],
  { name, extension = '' }: ExportFormat,
  topic: string,
): string | undefined {
  if (name === 'csv') return undefined
  const [first = ''] = paths
  const own = basename(first)
  const recording = own.slice(0, own.length - extname(own).length) || 'recording'
  return `${recording}-${topic.replaceAll('/', '-')}${extension}`
}

function checkPath(path: string | undefined, { name, extension }: ExportFormat): void {
  if (path === undefined) return
  if (extension === undefined) {
    if (!isEmptyFolder(path)) checkNewFile(path)
    return
  }
  if (name !== 'csv' && extname(path).toLowerCase() !== extension)
    throw new OptionError(`${name} is written to a file that ends in ${extension}, got "${path}"`)
  checkNewFile(path)
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0
  } catch {
    return false
  }
}
