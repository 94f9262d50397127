import { OptionError } from '@zcast/shared'
import type { Command } from '../../command.ts'
import { planDemo } from './demo-plan.ts'
import { runDemo } from './demo-run.ts'

/** `zcast demo`: everything at once. */
export const demo: Command = {
  usage: 'demo',
  positionals: {},
  groups: [
    {
      subject: 'Demo',
      options: {
        video: { type: 'string', value: 'FILE', describe: 'clip to send instead of the test pattern' },
        'numbers-port': { type: 'string', value: 'N', describe: 'port of the numbers [default: 5556]' },
        'video-port': { type: 'string', value: 'N', describe: 'port of the video [default: 5557]' },
        port: {
          type: 'string',
          value: 'N',
          describe: 'port of the dashboard; the page of viewer N is on this port + N [default: 8080]',
        },
        for: {
          type: 'string',
          value: 'TIME',
          describe: 'stop after this long, counted from when everything runs: 10s, 2m',
        },
      },
    },
  ],
  examples: [
    ['zcast demo', 'until Ctrl-C'],
    ['zcast demo --video clip.mp4 --for 30s', 'a clip of your own, for half a minute'],
  ],
  plan(args) {
    const port = args.integer('port', { least: 1, most: 65_000 }) ?? 8080
    const numbersPort = args.integer('numbers-port', { least: 1, most: 65_535 }) ?? 5556
    const videoPort = args.integer('video-port', { least: 1, most: 65_535 }) ?? 5557
    const processes = planDemo({ port, numbersPort, videoPort, video: args.text('video'), args })
    const ports = processes.flatMap((process) => process.ports)
    const twice = ports.find((candidate, index) => ports.indexOf(candidate) !== index)
    if (twice !== undefined) {
      throw new OptionError(
        `port ${twice} is planned for two processes: choose others with numbers-port, video-port or port`,
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
  },
}

/** A clip that cannot be played is found out before anything starts. */
async function probe(video: string, signal: AbortSignal): Promise<void> {
  const { parseVideoSource } = await import('@zcast/publisher/video')
  const source = parseVideoSource(video)
  if (source.kind !== 'file') return
  const { probeVideo } = await import('@zcast/media')
  await probeVideo(source.path, { signal })
}
