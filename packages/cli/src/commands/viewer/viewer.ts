import { MAX_VIEWER, PAGE_PORT } from '../../options/pages/page-ports.ts'
import { portOption } from '../../options/sockets/port-option.ts'
import type { Command } from '../../command.ts'
import { ENDING_GROUP } from '../../options/ending-options.ts'
import { FORMAT_GROUP } from '../../options/sockets/format-option.ts'
import { subscriberGroups } from '../../options/sockets/subscriber-options.ts'
import { SYNC_OPTION } from '../../options/pages/sync-option.ts'
import { HISTORY_OPTIONS } from '../../history/history-options.ts'
import { WEB_OPTIONS } from '../../options/pages/web-options.ts'

/** `zcast viewer`: shows video. */
export const viewer: Command = {
  usage: 'viewer <number> [files..]',
  positionals: {
    number: {
      describe: `1 to ${MAX_VIEWER}: the title is "Client N", and the page is on port ${PAGE_PORT} + N`,
      words: ['1', '2'],
    },
    files: { describe: 'recordings (MCAP) to show, in place of what comes now', files: true },
  },
  groups: [
    {
      subject: 'Picture',
      options: {
        show: {
          type: 'string',
          value: 'WHERE',
          choices: ['web', 'terminal', 'window', 'none'],
          describe: 'where to show the video: web, terminal, window or none [default: web]',
        },
        rendition: {
          type: 'string',
          value: 'HEIGHT',
          describe:
            'another size of the video, such as 360p; auto is the largest of which 15 pictures a second arrive [default: full size]',
        },
        save: {
          type: 'string',
          value: 'FOLDER',
          describe: 'save every picture in this folder, named by its number and time',
        },
        record: {
          type: 'string',
          value: 'FILE',
          describe:
            'record to this .mp4 or .mkv file, which must not exist yet; with its sound, if it has some',
        },
        snapshot: { type: 'string', value: 'FILE', describe: 'save one picture to this file and stop' },
        timeout: {
          type: 'string',
          value: 'TIME',
          describe: 'how long --snapshot waits for a picture [default: 10s]',
        },
      },
    },
    {
      subject: 'Web page',
      options: {
        port: portOption('the page, 0 for any free one', `${PAGE_PORT} + N`),
        ...WEB_OPTIONS,
        linger: {
          type: 'string',
          value: 'TIME',
          describe:
            'how long to keep receiving after the last reader of the page has left; ignored with --save, --record and --messages [default: 10s]',
        },
      },
    },
    { subject: 'Looking back', options: HISTORY_OPTIONS },
    {
      subject: 'Sound',
      options: {
        audio: {
          type: 'list',
          value: 'ENDPOINT',
          describe:
            'endpoint of the sound that the page can play and --record keeps; may be repeated [default: port 5558 where the pictures are on 5557]',
        },
        'no-audio': { type: 'boolean', describe: 'offer no sound, and record none' },
        sync: SYNC_OPTION,
      },
    },
    ...subscriberGroups('video'),
    FORMAT_GROUP,
    ENDING_GROUP,
  ],
  examples: [
    ['zcast viewer 1', 'the video in a web page'],
    ['zcast viewer 1 --history 10m', 'and the last ten minutes of it, with a timeline'],
    ['zcast viewer 1 --show terminal', 'in this terminal'],
    ['zcast viewer 1 flight.mcap', 'the pictures of a recording, with a timeline'],
    ['zcast viewer 2 --show none --json --for 10s', 'counts and latencies for a program'],
    ['zcast viewer 1 --record clip.mp4', 'watch and record'],
    ['zcast viewer 1 --rendition auto', 'the largest size that the network carries'],
    ['zcast viewer 1 --bind tcp://0.0.0.0:5557', 'all publishers that connect, side by side'],
    ['zcast viewer 1 --snapshot now.jpg', 'one picture'],
    ['zcast viewer 1 --format imagezmq --bind tcp://0.0.0.0:5555', 'all imagezmq cameras that connect'],
  ],
  plan: async (args) => (await import('./plan-viewer.ts')).planViewer(args),
}
