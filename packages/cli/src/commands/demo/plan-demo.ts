import { OptionError } from '@zcast/shared'
import { planProcesses } from './demo-processes.ts'
import { runDemo } from './demo-run.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast demo`. @throws {@link OptionError} when one is wrong. */
export function planDemo(args: Arguments): Plan {
  const port = args.integer('port', { least: 1, most: 65_000 }) ?? 8080
  const numbersPort = args.integer('numbers-port', { least: 1, most: 65_535 }) ?? 5556
  const videoPort = args.integer('video-port', { least: 1, most: 65_535 }) ?? 5557
  const roomPort = args.integer('room-port', { least: 1, most: 65_535 }) ?? 5560
  const processes = planProcesses({ port, numbersPort, videoPort, roomPort, video: args.text('video'), args })
  const ports = processes.flatMap((process) => process.ports)
  const twice = ports.find((candidate, index) => ports.indexOf(candidate) !== index)
  if (twice !== undefined) {
    throw new OptionError(
      `port ${twice} is planned for two processes: choose others with numbers-port, video-port, room-port or port`,
    )
  }
  const video = args.text('video')
  return {
    role: 'demo',
    run: async (context) => {
      if (video !== undefined) await probe(video, context.signal)
      await runDemo(context, processes)
    },
  }
}

/** An unplayable clip is detected before anything starts. */
async function probe(video: string, signal: AbortSignal): Promise<void> {
  const { parseVideoSource } = await import('@zcast/publisher/video')
  const source = parseVideoSource(video)
  if (source.kind !== 'file') return
  const { probeVideo } = await import('@zcast/media')
  await probeVideo(source.path, { signal })
}
