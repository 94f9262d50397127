import type { Command } from '../../command.ts'
import { LISTING_GROUP } from '../../options/listing-options.ts'

/** `zcast export`: a stream of a recording as a file for other programs. */
export const exportRecording: Command = {
  usage: 'export <files..>',
  positionals: {
    files: { describe: 'recordings, or folders of recordings: all as one', files: true },
  },
  groups: [
    {
      subject: 'What is written',
      options: {
        csv: { type: 'string', value: 'TOPIC', describe: 'numbers as CSV, as "client 3 --csv" prints them' },
        parquet: { type: 'string', value: 'TOPIC', describe: 'numbers as Parquet: time, and a column each' },
        mp4: {
          type: 'string',
          value: 'TOPIC',
          describe: 'pictures as H.264 at their own times, with the sound of the same stream',
        },
        jpegs: {
          type: 'string',
          value: 'TOPIC',
          describe: 'the very pictures, each a file; the last of FILES is then the folder to write to',
        },
        wav: {
          type: 'string',
          value: 'TOPIC',
          describe: 'sound or voices, with silence where it is missing',
        },
      },
    },
    {
      subject: 'Range',
      options: {
        from: {
          type: 'string',
          value: 'TIME',
          describe: 'where to begin: 90s after its beginning, or at a time such as 2026-08-04T17:00',
        },
        to: { type: 'string', value: 'TIME', describe: 'where to end, in the same way' },
      },
    },
    {
      subject: 'Output',
      options: {
        output: {
          type: 'string',
          value: 'FILE',
          alias: 'o',
          describe:
            'file to write, or folder for pictures, which must not exist yet [default: for CSV standard output, for others named after recording and topic]',
        },
        ...LISTING_GROUP.options,
      },
    },
  ],
  examples: [
    ['zcast export flight.mcap --csv numbers/imu > imu.csv', 'numbers, with their names'],
    ['zcast export flight.mcap --parquet numbers/imu -o imu.parquet', 'for pandas, DuckDB and others'],
    ['zcast export flight.mcap --mp4 video/main --from 90s --to 2m', 'half a minute, with its sound'],
    ['zcast export flights/ --jpegs video/main pictures', 'every picture of a folder of recordings'],
  ],
  plan: async (args) => (await import('./plan-export.ts')).planExport(args),
}
