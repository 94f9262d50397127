import { isKind, KIND_CHOICES, OptionError, type BlockKind } from '@zcast/shared'
import type { Command } from '../../command.ts'
import { ENDING_OPTIONS } from '../../options/common-options.ts'
import { VIDEO_OPTIONS } from '../../options/video-options.ts'
import { LIVE_OPTIONS } from '../../options/live-options.ts'
import { planStreams, refuseSingleOptions } from './publish-plan.ts'
import { PUBLISHER_KEY_OPTIONS } from '../../options/curve-options.ts'
import { planPublisherKeys } from './publisher-keys.ts'
import { SOCKET_OPTIONS } from '../../options/socket-options.ts'
import { publishStreams } from './publish-run.ts'

/** What is published where no kind is named. */
const PUBLISHED_TOGETHER: readonly BlockKind[] = ['numbers', 'video']

/** `zcast publish`: numbers and video, or one of them. */
export const publish: Command = {
  usage: 'publish [what] [source..]',
  positionals: {
    what: 'numbers or video [default: both]',
    source:
      'video: a file, pattern, camera[:DEVICE], screen[:SCREEN], http(s)://, rtsp://, framed://HOST:PORT, - (standard ' +
      'input), a folder or dir/*.jpg; several as NAME=SOURCE. numbers: "-" reads one array a line from standard input',
  },
  options: {
    host: {
      type: 'string',
      describe: 'address to listen on; 0.0.0.0 opens it to the network [default: 127.0.0.1]',
    },
    'numbers-port': { type: 'string', describe: 'port of the numbers [default: 5556]' },
    'video-port': { type: 'string', describe: 'port of the video [default: 5557]' },
    bind: { type: 'string', describe: 'endpoint to listen on, for a single stream' },
    connect: {
      type: 'list',
      describe: 'endpoint of a subscriber that listens, for a single stream; may be repeated',
    },
    stream: { type: 'string', describe: 'name of a single stream [default: random, main]' },
    lower: { type: 'string', describe: 'lowest random number [default: 0]' },
    upper: { type: 'string', describe: 'random numbers are below this [default: 10000]' },
    count: { type: 'string', describe: 'numbers in an array, 1 to 1000000 [default: 6]' },
    interval: { type: 'string', describe: 'time between arrays; 0 is as fast as possible [default: 1s]' },
    'batch-linger': {
      type: 'string',
      describe:
        'how long an array may wait for others to share a message with, 0 to 10s [default: 0, at once, with those that are there already]',
    },
    'no-batch': { type: 'boolean', describe: 'send one message an array, however fast they come' },
    seed: { type: 'string', describe: 'whole number that makes the random numbers repeatable' },
    video: {
      type: 'list',
      describe:
        'source of the video where none is named, as in a configuration file; may be repeated as NAME=SOURCE',
    },
    loop: { type: 'boolean', describe: 'play a file again and again [default]' },
    'no-loop': { type: 'boolean', describe: 'play a file once and end' },
    fps: {
      type: 'string',
      describe: "frames a second, 0.1 to 240 [default: the file's own, 30 for the pattern]",
    },
    quality: { type: 'string', describe: 'JPEG quality, 1 to 100 [default: 80]' },
    width: { type: 'string', describe: "pixels, 16 to 8192 [default: the file's own, 640 for the pattern]" },
    ...VIDEO_OPTIONS,
    ...LIVE_OPTIONS,
    preview: {
      type: 'boolean',
      describe: 'show the video that is sent in a window titled "Server" (needs ffplay)',
    },
    delivery: {
      type: 'string',
      choices: ['all'],
      describe:
        'all: lose nothing, and wait for the slowest subscriber [default for --interval 0 and for "-"]',
    },
    'wait-for': { type: 'string', describe: 'begin once each stream has so many subscribers [default: 0]' },
    ...SOCKET_OPTIONS,
    ...PUBLISHER_KEY_OPTIONS,
    ...ENDING_OPTIONS,
  },
  examples: [
    ['zcast publish', 'numbers and a test pattern, on this machine'],
    ['zcast publish numbers --count 3 --interval 100ms', 'arrays of three, ten a second'],
    ['zcast publish video clip.mp4 --width 640', 'a clip, made smaller'],
    ['sensor | zcast publish numbers -', 'your own numbers: one array a line'],
    ['zcast publish video cam=camera desk=screen', 'video/cam and video/desk on one endpoint'],
  ],
  async plan(args) {
    const what = args.text('what')
    if (what !== undefined && !isKind(what)) {
      throw new OptionError(`cannot publish "${what}": choose ${KIND_CHOICES}, or neither for both`)
    }
    if (what === undefined) refuseSingleOptions(args)
    const kinds = what === undefined ? PUBLISHED_TOGETHER : [what]
    const plans = await Promise.all(kinds.map((kind) => planStreams(kind, args, what !== undefined)))
    const keys = await planPublisherKeys(args, plans)
    const maxValues = args.integer('messages', { least: 1, most: Number.MAX_SAFE_INTEGER })
    return { role: 'publisher', run: (context) => publishStreams(context, plans, keys, maxValues) }
  },
}
