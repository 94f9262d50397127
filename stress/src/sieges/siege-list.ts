import { spawnSync } from 'node:child_process'
import { frame, subscription } from '../fuzz/zmtp.ts'
import type { RawPeers } from './raw-peer.ts'

/** What an attacker without keys can reach. */
export interface Besieged {
  /** Of a publisher of numbers that may lose nothing. */
  readonly numbersPort: number
  readonly videoPort: number
  /** The publisher of the video. */
  readonly videoPid: number
  /** Of a viewer's page, and what opens it. */
  readonly pagePort: number
  readonly token: string
}

/** An attack that goes on while honest subscribers look. */
export interface Siege {
  readonly name: string
  /** The share of its usual rate that each honest subscriber keeps, over the whole siege. Default 0.8. */
  readonly keeps?: number
  /** What it may cost a process, in cores. Default 0.1. */
  readonly costs?: number
  /** What is said of it in the log, in one line and its repeats; what is refused without harm need not be. */
  readonly logged?: RegExp
  /** Whether it can be tried on this machine. Default: yes. */
  readonly isPossible?: () => boolean
  /** Begins it; the peers are ended when it is over. */
  begin(peers: RawPeers, besieged: Besieged): void
}

const VIDEO = 'video/main'
const NUMBERS = 'numbers/random'

/** Every siege. */
export const SIEGES: readonly Siege[] = [
  {
    name: 'ends of what others watch',
    logged: /tried to end the subscriptions of others/,
    begin: (peers, { numbersPort, videoPort }) => {
      const forgers = [
        [peers.subscribe(videoPort, []), VIDEO],
        [peers.subscribe(numbersPort, []), NUMBERS],
      ] as const
      peers.every(200, () => {
        for (const [forger, topic] of forgers) peers.send(forger, change(topic, false))
      })
    },
  },
  {
    // It waits for 5 s once, and no more.
    name: 'a hold that never ends',
    keeps: 0.3,
    logged: /ask(?:s|ed) this publisher to wait/,
    begin: (peers, { numbersPort }) => {
      const holder = peers.subscribe(numbersPort, [change('!hold', true)])
      peers.every(1000, () =>
        peers.send(holder, Buffer.concat([change('!hold', false), change('!hold', true)])),
      )
    },
  },
  {
    // Everybody is cut off for a moment, and comes back.
    name: 'more subscriptions than are allowed',
    keeps: 0.5,
    logged: /cut off every subscriber/,
    begin: (peers, { numbersPort, videoPort }) => {
      const many = Array.from({ length: 5500 }, (_, index) => change(`t${index}`, true))
      peers.subscribe(numbersPort, many)
      peers.subscribe(videoPort, many)
    },
  },
  {
    name: 'connections that say nothing, in hundreds',
    begin: (peers, { numbersPort, videoPort }) => {
      peers.every(100, () => {
        for (let left = 6; left > 0; left--) peers.open(left % 2 === 0 ? numbersPort : videoPort)
      })
    },
  },
  {
    name: 'requests for repeats, by subscribers that come and go',
    begin: (peers, { numbersPort, videoPort }) => {
      const [one, other] = [peers.subscribe(numbersPort, []), peers.subscribe(videoPort, [])]
      peers.every(20, () => {
        peers.send(one, Buffer.concat([change('n', true), change('n', false)]))
        peers.send(other, Buffer.concat([change('v', true), change('v', false)]))
      })
    },
  },
  {
    name: 'lanes that nobody reads, and acknowledgements of others',
    begin: (peers, { videoPort }) => {
      const asker = peers.subscribe(videoPort, [])
      peers.every(100, () => {
        const [name, key] = [`${Math.random()}`, `${Math.random()}`].map((text) =>
          text.padEnd(22, 'x').slice(-22),
        )
        const requests = [`!lane ${name} ${key} 1 ${VIDEO}`, `!ack ${key} 1`, `!end ${key}`]
        const messages = requests.map((request) => frame(Buffer.from(request)))
        peers.send(asker, Buffer.concat([change(`!lane/${name}/`, true), ...messages]))
      })
    },
  },
  {
    name: 'connections to the page that ask for nothing',
    logged: /too many connections without a request/,
    begin: (peers, { pagePort }) => {
      for (let left = 320; left > 0; left--) peers.open(pagePort)
      peers.every(90, () => void peers.open(pagePort))
    },
  },
  {
    name: 'requests to the page, byte by byte',
    begin: (peers, { pagePort }) => {
      const slow = Array.from({ length: 100 }, () => peers.open(pagePort, 'GET / HTTP/1.1\r\nX: '))
      peers.every(500, () => {
        for (const socket of slow) peers.send(socket, 'x')
      })
    },
  },
  {
    name: 'readers of the page that take nothing',
    begin: (peers, { pagePort, token }) => {
      for (let left = 30; left > 0; left--)
        peers.open(pagePort, request('/stream.mjpg', pagePort, token), { reads: false })
    },
  },
  {
    name: 'guesses of the token',
    logged: /wrong token/,
    begin: (peers, { pagePort }) => {
      peers.every(
        50,
        () => void peers.open(pagePort, request('/snapshot.jpg', pagePort, `guess${Math.random()}`)),
      )
    },
  },
  {
    // ZeroMQ tries again without end to accept one more. The last one: the process keeps its limit.
    name: 'connections to a publisher that may open few files',
    keeps: 0.5,
    costs: 0.2,
    logged: /has reached its limit of open files/,
    isPossible: () => spawnSync('prlimit', ['--version']).status === 0,
    begin: (peers, { videoPort, videoPid }) => {
      spawnSync('prlimit', [`--pid=${videoPid}`, '--nofile=100:100'])
      peers.every(100, () => {
        for (let left = 6; left > 0; left--) peers.open(videoPort)
      })
    },
  },
]

function change(prefix: string, subscribed: boolean): Buffer {
  return subscription(Buffer.from(prefix), subscribed)
}

function request(path: string, port: number, token: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`
}
