import { PUBLISHER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { ENDING_GROUP } from '../../options/ending-options.ts'
import { FORMAT_GROUP } from '../../options/sockets/format-option.ts'
import { LIVE_OPTIONS } from '../../options/sources/live-options.ts'
import { NUMBERS_FORMAT_OPTIONS } from '../../options/sources/numbers-format.ts'
import { RETAIN_OPTIONS } from '../../options/sockets/nats-options.ts'
import type { OptionGroup } from '../../options/option-spec.ts'
import { portOption } from '../../options/sockets/port-option.ts'
import {
  LISTEN_OPTIONS,
  losslessOption,
  sendingEndpoints,
  waitForOption,
} from '../../options/sockets/sending-options.ts'
import { SOCKET_OPTIONS } from '../../options/sockets/socket-options.ts'
import { VIDEO_OPTIONS } from '../../options/sources/video-options.ts'

/** Options of `zcast publish`. */
export const PUBLISH_GROUPS: readonly OptionGroup[] = [
  {
    subject: 'Numbers',
    options: {
      lower: { type: 'string', value: 'X', describe: 'lowest random number [default: 0]' },
      upper: { type: 'string', value: 'X', describe: 'random numbers are below this one [default: 10000]' },
      count: { type: 'string', value: 'N', describe: 'numbers in an array, 1 to 1000000 [default: 6]' },
      interval: {
        type: 'string',
        value: 'TIME',
        describe:
          'time between arrays; 0 is as fast as possible [default: 1s; the times of its rows for a file]',
      },
      seed: {
        type: 'string',
        value: 'N',
        describe: 'whole number that makes the random numbers repeatable',
      },
      'batch-linger': {
        type: 'string',
        value: 'TIME',
        describe:
          'how long an array may wait for others to share a message with, 0 to 10s [default: 0, share only with arrays already there]',
      },
      'no-batch': {
        type: 'boolean',
        describe: 'send every array in a message of its own, however fast they come',
      },
    },
  },
  { subject: 'Numbers of a source', options: NUMBERS_FORMAT_OPTIONS },
  {
    subject: 'Video',
    options: {
      video: {
        type: 'list',
        value: 'SOURCE',
        describe:
          'source of the video when none is named after "publish video", as in a configuration file; may be repeated as NAME=SOURCE',
      },
      fps: {
        type: 'string',
        value: 'N',
        describe: "frames a second, 0.1 to 240 [default: the file's own; 30 for the pattern]",
      },
      quality: { type: 'string', value: 'N', describe: 'JPEG quality, 1 to 100 [default: 80]' },
      width: {
        type: 'string',
        value: 'PIXELS',
        describe: "width of the pictures, 16 to 8192 [default: the file's own; 640 for the pattern]",
      },
      loop: { type: 'boolean', describe: 'play a file again and again [default]' },
      'no-loop': { type: 'boolean', describe: 'play a file once and stop' },
      ...VIDEO_OPTIONS,
      preview: {
        type: 'boolean',
        describe: 'show the video that is sent in a window titled "Server"; needs ffplay',
      },
    },
  },
  { subject: 'Live video', options: LIVE_OPTIONS },
  {
    subject: 'Sound',
    options: {
      'no-audio': {
        type: 'boolean',
        describe: 'leave out the sound of clips and network cameras, which is sent as audio/STREAM otherwise',
      },
      rate: {
        type: 'string',
        value: 'N',
        describe:
          "samples a second, 1000 to 384000; of -, that it is bare 16-bit samples [default: the file's own, else 48000]",
      },
      'audio-format': {
        type: 'string',
        value: 'FORMAT',
        choices: ['s16', 'opus'],
        describe: 'how sound is sent: 16-bit samples, or Opus, a tenth of their size [default: s16]',
      },
      channels: { type: 'string', value: 'N', describe: "1 to 32 [default: the file's own; 2 of -, else 1]" },
    },
  },
  {
    subject: 'Connection',
    options: {
      ...LISTEN_OPTIONS,
      'audio-port': portOption('the sound', "5558; a clip's own takes a free one where that is taken"),
      'audio-bind': {
        type: 'string',
        value: 'ENDPOINT',
        describe: "endpoint to listen on for a clip's own sound",
      },
      ...sendingEndpoints('a single stream', ', or of a NATS server'),
      stream: {
        type: 'string',
        value: 'NAME',
        describe: 'name of a single stream [default: random for numbers, main for video and audio]',
      },
      ...RETAIN_OPTIONS,
      ...SOCKET_OPTIONS,
    },
  },
  {
    subject: 'Delivery',
    options: {
      delivery: losslessOption('default with --interval 0 and for numbers of a source'),
      'wait-for': waitForOption('each stream has this many subscribers', '0; 1 for a file of numbers'),
    },
  },
  FORMAT_GROUP,
  { subject: 'Encryption', options: PUBLISHER_KEY_OPTIONS },
  ENDING_GROUP,
]
