import { once } from 'node:events'
import { type Codec, OptionError, SinkError } from '@zcast/shared'
import {
  type EchoRecord,
  fieldNames,
  fieldOf,
  type Filter,
  formatField,
  formatFieldsJson,
  formatRecord,
  formatRecordJson,
  parseFilter,
  readRecords,
  type SightReader,
} from '@zcast/subscribers/topics'
import type { CommandContext } from '../../command-context.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { narrateWatch } from './narrate-watch.ts'
import { openWatch, type WatchOptions } from './open-watch.ts'
import type { RunVerb } from './plan-topic.ts'
import { type WatchedFormat, watchedFormat } from './watched-format.ts'
import { nameTopics } from './watch-plan.ts'

interface EchoPlan {
  readonly count: number
  readonly filter: Filter | undefined
  readonly fields: readonly string[]
}

const MAX_FIELDS = 64

/** Reads the options of `zcast topic echo`: messages as they come. @throws {@link OptionError} when one is wrong. */
export async function planEcho(args: Arguments): Promise<RunVerb> {
  const given = args.integer('count', { least: 1, most: Number.MAX_SAFE_INTEGER })
  const isOnce = args.flag('once') ?? false
  if (isOnce && given !== undefined) throw new OptionError('give either once or count, not both')
  const condition = args.text('filter')
  const fields = args.list('field')
  if (fields.length > MAX_FIELDS) throw new OptionError(`field may be given ${MAX_FIELDS} times at most`)
  const echo: EchoPlan = {
    count: isOnce ? 1 : (given ?? Number.POSITIVE_INFINITY),
    filter: condition === undefined ? undefined : parseFilter(condition),
    fields,
  }
  if (args.flag('show')) {
    if (condition !== undefined || fields.length > 0 || args.flag('json'))
      throw new OptionError('show takes neither filter, field nor json: it shows pictures')
    return async (context, plan) =>
      (await import('./show-pictures.ts')).showPictures(context, plan, echo.count)
  }
  return async (context, plan) => {
    const printer = new EchoPrinter(context, echo, {
      ...watchedFormat(plan.format),
      waits: plan.files.length > 0,
    })
    await using open = await openWatch(context, plan, {
      receives: true,
      onMessage: printer.take,
      until: printer.enough,
    })
    context.ready()
    if (open.live) {
      const stop = narrateWatch(context, open.live, nameTopics(plan))
      await printer.finished()
      stop()
    }
    printer.summarize()
    if (printer.printed > 0 || context.interrupted()) return
    if (printer.seen === 0) open.failForNothing(nameTopics(plan))
    throw new SinkError(`none of ${printer.seen} values meets the filter`)
  }
}

/** Waits until a full output has room, or the command should end. */
function untilDrained({ output, signal }: CommandContext): Promise<unknown> | undefined {
  if (!output.writableNeedDrain || signal.aborted) return undefined
  return once(output, 'drain', { signal }).catch(() => undefined)
}

/** Prints what comes. */
class EchoPrinter {
  readonly #context: CommandContext
  readonly #plan: EchoPlan
  readonly #codec: Codec
  readonly #reader: SightReader
  readonly #missing = new Set<string>()
  readonly #waits: boolean
  #finish: () => void = () => undefined
  readonly #enough = new AbortController()
  /** Aborted when as much was printed as is to be. */
  readonly enough = this.#enough.signal
  #skipped = 0
  seen = 0
  printed = 0

  /** @param waits - True to wait for the output, as what is in a file does not go away. */
  constructor(
    context: CommandContext,
    plan: EchoPlan,
    { codec, reader, waits }: WatchedFormat & { readonly waits: boolean },
  ) {
    this.#context = context
    this.#plan = plan
    this.#codec = codec
    this.#reader = reader()
    this.#waits = waits
  }

  readonly take: NonNullable<WatchOptions['onMessage']> = (message, sighting, account) => {
    const look = (): ReturnType<SightReader['look']> => this.#reader.look(message)
    for (const record of readRecords(message, sighting, account, this.#codec, look)) {
      if (this.printed >= this.#plan.count) return undefined
      this.seen += 1
      this.#tellMissing(record)
      const { filter } = this.#plan
      if (filter && !filter.matches((name) => fieldOf(record, name))) continue
      // A reader that takes nothing must not make the messages wait: they are left out, and counted.
      if (!this.#waits && this.#context.output.writableNeedDrain) this.#skipped += 1
      else this.#print(record)
    }
    return this.#waits ? untilDrained(this.#context) : undefined
  }

  /** Resolves when as much was printed as is to be, or when the command should end. */
  finished(): Promise<void> {
    const { signal } = this.#context
    return new Promise((resolve) => {
      this.#finish = resolve
      if (signal.aborted || this.printed >= this.#plan.count) resolve()
      signal.addEventListener('abort', () => resolve())
    })
  }

  summarize(): void {
    if (this.#skipped > 0)
      this.#context.log.warning(
        `${this.#skipped} values were not printed: the output does not take them as fast as they come`,
      )
    this.#context.summary(`printed ${this.printed} of ${this.seen} values`)
  }

  #print(record: EchoRecord): void {
    const { json, quiet, output } = this.#context
    this.printed += 1
    if (!quiet) output.write(`${json ? this.#json(record) : this.#text(record)}\n`)
    if (this.printed < this.#plan.count) return
    this.#enough.abort()
    this.#finish()
  }

  #json(record: EchoRecord): string {
    const { fields } = this.#plan
    return fields.length > 0 ? formatFieldsJson(record, fields) : formatRecordJson(record)
  }

  #text(record: EchoRecord): string {
    const { fields } = this.#plan
    return fields.length > 0
      ? fields.map((field) => formatField(fieldOf(record, field))).join('\t')
      : formatRecord(record)
  }

  /** A name that is not there would silently select nothing. */
  #tellMissing(record: EchoRecord): void {
    const { filter, fields } = this.#plan
    for (const name of new Set([...(filter?.names ?? []), ...fields])) {
      if (fieldOf(record, name) !== undefined || this.#missing.has(name)) continue
      this.#missing.add(name)
      const names = fieldNames(record).slice(0, 20).join(', ')
      this.#context.log.warning(
        `${record.topic} has no field "${name}"${names === '' ? '' : `: it has ${names}`}`,
        undefined,
        `field ${name}`,
      )
    }
  }
}
