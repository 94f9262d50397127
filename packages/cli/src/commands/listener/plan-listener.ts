import { KINDS, SinkError } from '@zcast/shared'
import { CountingSink, type Sink } from '@zcast/subscribers'
import type { CommandContext } from '../../command-context.ts'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import { readNumber } from '../../options/reading/read-number.ts'
import { checkNewFile } from '../../options/check-new-file.ts'
import { planSubscription } from '../../subscription/plan.ts'
import { runSubscription } from '../../subscription/run.ts'

const MAX_LISTENER = 999

/** Reads and checks the options of `zcast listener`. @throws {@link OptionError} when one is wrong. */
export async function planListener(args: Arguments): Promise<Plan> {
  const number = readNumber(args, 'listener', MAX_LISTENER)
  const save = args.text('save')
  checkNewFile(save)
  const delivery = save === undefined ? KINDS.audio.delivery : 'all'
  const plan = await planSubscription(args, { kind: 'audio', alike: ['voice'], delivery })
  const { WavSink } = await import('@zcast/subscribers/audio')
  let warn = (_sentence: string, _kind: string): void => undefined
  const wav =
    save === undefined ? undefined : new WavSink({ path: save, onNotice: (...told) => warn(...told) })
  return {
    role: `listener ${number}`,
    run: async (context) => {
      warn = (sentence, kind) => context.log.warning(sentence, undefined, kind)
      const show = args.text('show') ?? (context.json ? 'none' : 'speakers')
      const sink = await openSink(context, show, wav)
      await runSubscription(context, plan, { sink, statisticsOnStdout: context.json })
      if (wav && wav.leftOut > 0)
        throw new SinkError(
          `${wav.leftOut} messages are missing from ${save}: they are of another format than its first`,
        )
    },
  }
}

/** What a speaker that takes nothing may have waiting beside a file that misses nothing: seconds of sound. */
const SPEAKER_BACKLOG_BYTES = 1024 * 1024

async function openSink(context: CommandContext, show: string, wav: Sink | undefined): Promise<Sink> {
  const { BacklogSink, DecodedSink, FanOutSink, OneStreamSink, SpeakerSink } =
    await import('@zcast/subscribers/audio')
  const every = [...(await openLevel(context, show)), ...(wav ? [wav] : [])]
  if (show === 'speakers') {
    const speakers = new SpeakerSink()
    const onFailure = (failure: SinkError): void => context.log.error(failure.message, failure)
    const played = wav ? new BacklogSink(speakers, { maxBytes: SPEAKER_BACKLOG_BYTES, onFailure }) : speakers
    const onIgnored = (topic: string): void =>
      context.log.warning(`${topic} is not played: the speakers play one stream, chosen by --topic`)
    every.push(new OneStreamSink(played, onIgnored))
  }
  const [one, another] = every
  if (!one) return new CountingSink()
  return new DecodedSink(another ? new FanOutSink({ every }) : one)
}

async function openLevel({ output, json, quiet, log }: CommandContext, show: string): Promise<Sink[]> {
  const { LevelSink, OneStreamSink } = await import('@zcast/subscribers/audio')
  if (json) return [new LevelSink({ output, format: 'json' })]
  if (show !== 'level' || quiet) return []
  const isTerminal = 'isTTY' in output && output.isTTY === true
  if (!isTerminal) return [new LevelSink({ output, format: 'lines' })]
  const onIgnored = (topic: string): void =>
    log.warning(`${topic} is not shown: a meter shows one stream, chosen by --topic`)
  return [new OneStreamSink(new LevelSink({ output, format: 'meter' }), onIgnored)]
}
