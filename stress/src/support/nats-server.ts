import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { OptionError } from '@zcast/shared'
import { freePorts } from './free-ports.ts'

/** Debian puts it where only root looks. */
const PATHS = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server']

/** A nats-server of a program's own. */
export interface OwnNatsServer {
  readonly endpoint: string
  close(): Promise<void>
}

/** @throws {@link OptionError} when there is no nats-server, or it does not start. */
export async function startNatsServer(): Promise<OwnNatsServer> {
  const path = PATHS.find((each) => spawnSync(each, ['--version'], { stdio: 'ignore' }).status === 0)
  if (path === undefined) throw new OptionError('there is no nats-server: apt-get install nats-server')
  const [port] = await freePorts(1)
  const child = spawn(path, ['-a', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString()
      if (said.includes('Server is ready')) resolve()
    })
    child.once('exit', () => reject(new OptionError(`nats-server did not start: ${said}`)))
  })
  return {
    endpoint: `nats://127.0.0.1:${port}`,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}
