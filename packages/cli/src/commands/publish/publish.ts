import type { Command } from '../../command.ts'
import { PUBLISH_GROUPS } from './publish-options.ts'

/** `zcast publish`: numbers and video, or one kind alone. */
export const publish: Command = {
  usage: 'publish [what] [source..]',
  positionals: {
    what: {
      describe: 'numbers, video or audio [default: numbers and video]',
      words: ['numbers', 'video', 'audio'],
    },
    source: {
      describe:
        'of video: a file, pattern, camera[:DEVICE], screen[:SCREEN], http(s)://, rtsp://, framed://HOST:PORT, - for standard ' +
        'input, a folder or dir/*.jpg; several as NAME=SOURCE. Of numbers: a file such as data.csv, - for standard input, ' +
        'udp://HOST:PORT, serial:DEVICE[?baud=115200]. Of audio: a file, tone[:HERTZ], mic[:DEVICE], -',
      words: ['-', 'pattern', 'camera', 'screen', 'tone', 'mic'],
      files: true,
    },
  },
  groups: PUBLISH_GROUPS,
  examples: [
    ['zcast publish', 'numbers and a test pattern, on this machine'],
    ['zcast publish numbers --count 3 --interval 100ms', 'arrays of three, ten a second'],
    ['zcast publish video clip.mp4 --width 640', 'a clip, made smaller'],
    ['zcast publish numbers data.csv --speed 10', 'a table, ten times faster than it was recorded'],
    ['sensor | zcast publish numbers -', 'your own numbers: one row a line, with or without names'],
    ['zcast publish audio mic', 'what the microphone hears'],
    ['zcast publish video camera --format imagezmq --connect tcp://192.168.1.20:5555', 'to an imagezmq hub'],
    ['zcast publish video cam=camera desk=screen', 'video/cam and video/desk on one endpoint'],
  ],
  plan: async (args) => (await import('./plan-publish.ts')).planPublish(args),
}
