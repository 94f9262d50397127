import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from '@jest/globals'
import { freePort } from './free-ports.ts'

/** Debian puts it where only root looks. */
const CANDIDATES = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server']

const program = CANDIDATES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0)

if (program === undefined)
  console.log('tests with NATS are skipped: there is no nats-server (apt-get install nats-server)')

/** `describe` where there is a nats-server; otherwise its tests are skipped, and say why. */
export const describeNats: typeof describe.skip = program === undefined ? describe.skip : describe

/** A nats-server of a test, on a port of its own. */
export class NatsServer {
  readonly port: number
  readonly #folder: string
  /** Further lines of its configuration, for the next start. */
  config: string
  #child: ChildProcess | undefined

  /** @param config - Further lines of its configuration. */
  static async start(config = '', port?: number): Promise<NatsServer> {
    const folder = await mkdtemp(join(tmpdir(), 'zcast-nats-'))
    const server = new NatsServer(port ?? (await freePort()), folder, config)
    await server.start()
    return server
  }

  /** Starts servers that are one network. */
  static async startCluster(count: number): Promise<readonly NatsServer[]> {
    const ports: number[] = []
    while (ports.length < count) ports.push(await freePort())
    const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(', ')
    const servers = await Promise.all(
      ports.map((port, index) =>
        NatsServer.start(
          `server_name: n${index}\ncluster { name: zcast, host: 127.0.0.1, port: ${port}, routes: [${routes}] }`,
        ),
      ),
    )
    await Promise.all(servers.map((server) => server.knowsOthers(count - 1)))
    return servers
  }

  private constructor(port: number, folder: string, config: string) {
    this.port = port
    this.#folder = folder
    this.config = config
  }

  get endpoint(): string {
    return `nats://127.0.0.1:${this.port}`
  }

  /** A folder for what belongs to it, such as its streams. */
  get folder(): string {
    return this.#folder
  }

  /** Starts it, also again after {@link stop}. @returns Once it listens. */
  async start(): Promise<void> {
    const path = join(this.#folder, 'server.conf')
    await writeFile(
      path,
      `host: 127.0.0.1\nport: ${this.port}\n${this.config.replaceAll('FOLDER', this.#folder)}\n`,
    )
    const child = spawn(program ?? 'nats-server', ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      let said = ''
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('Server is ready')) resolve()
      })
      child.once('exit', () => reject(new Error(`nats-server did not start:\n${said}`)))
      child.once('error', reject)
    })
  }

  /** Resolves when it has told new clients of as many other servers. */
  async knowsOthers(count: number): Promise<void> {
    for (;;) {
      const { connect_urls: others = [] } = JSON.parse(await firstLine(this.port)) as {
        connect_urls?: string[]
      }
      if (others.length > count) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Kills it, as a fault does. */
  async stop(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null) return
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
  }

  async close(): Promise<void> {
    await this.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** What a server says first: `INFO {...}`. */
function firstLine(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      if (!heard.includes('\r\n')) return
      socket.destroy()
      resolve(heard.slice(heard.indexOf('{'), heard.indexOf('\r\n')))
    })
  })
}
