import type { Arguments } from '../../options/reading/arguments.ts'

/** A process of the demo. */
export interface DemoProcess {
  /** Its role, as in the log: `client 1`. */
  readonly name: string
  /** Its command line, without `zcast`. */
  readonly argv: readonly string[]
  /** Settings that may hold a password, which every user of the machine could read in its arguments. */
  readonly environment?: Readonly<Record<string, string>>
  /** TCP ports on 127.0.0.1 that it will listen on. */
  readonly ports: readonly number[]
  /** The port of its page, if it has one. */
  readonly page?: number
}

/** Options of the demo. */
export interface DemoOptions {
  readonly numbersPort: number
  readonly videoPort: number
  /** The port of the room's topics. */
  readonly roomPort: number
  /** The port of the dashboard's page; viewer N's is this port + N, the room's this port + 10. */
  readonly port: number
  /** A clip; `undefined` for the test pattern. */
  readonly video: string | undefined
  /** The demo's own command line: common options are passed on. */
  readonly args: Arguments
}

const CLIENTS = [1, 2, 3]
const VIEWERS = [1, 2]
/** From the port of the dashboard's page to that of the room's. */
const TO_ROOM = 10

/** The processes of the demo, in the order of the table. */
export function planProcesses({
  numbersPort,
  videoPort,
  roomPort,
  port,
  video,
  args,
}: DemoOptions): readonly DemoProcess[] {
  const common = commonArguments(args)
  const numbers = `tcp://127.0.0.1:${numbersPort}`
  const pictures = `tcp://127.0.0.1:${videoPort}`
  const clip = video === undefined ? {} : { environment: { ZCAST_VIDEO: JSON.stringify([video]) } }
  return [
    {
      name: 'publisher',
      argv: [
        'publish',
        `--numbers-port=${numbersPort}`,
        `--video-port=${videoPort}`,
        '--no-audio',
        ...common,
      ],
      ...clip,
      ports: [numbersPort, videoPort],
    },
    {
      name: 'dashboard',
      argv: [
        'dashboard',
        `--port=${port}`,
        `--numbers=${numbers}`,
        `--video=${pictures}`,
        // Idle stays idle.
        '--history=2m',
        '--history-while-open',
        ...common,
      ],
      ports: [port],
      page: port,
    },
    {
      name: 'room',
      argv: ['room', `--port=${port + TO_ROOM}`, `--bind=tcp://127.0.0.1:${roomPort}`, ...common],
      ports: [roomPort, port + TO_ROOM],
      page: port + TO_ROOM,
    },
    ...CLIENTS.map((number) => ({
      name: `client ${number}`,
      argv: ['client', String(number), `--connect=${numbers}`, ...common],
      ports: [],
    })),
    ...VIEWERS.map((number) => ({
      name: `viewer ${number}`,
      argv: ['viewer', String(number), `--connect=${pictures}`, `--port=${port + number}`, ...common],
      ports: [port + number],
      page: port + number,
    })),
  ]
}

function commonArguments(args: Arguments): string[] {
  const texts = ['config', 'log-dir', 'log-size', 'log-files', 'keys-dir'].flatMap((name) => {
    const value = args.text(name)
    return value === undefined ? [] : [`--${name}=${value}`]
  })
  const flags = ['quiet', 'verbose'].flatMap((name) => (args.flag(name) ? [`--${name}`] : []))
  return [...texts, ...flags]
}
