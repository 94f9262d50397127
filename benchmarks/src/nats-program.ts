import { spawnSync } from 'node:child_process'
import { freeEndpoint } from './free-endpoint.ts'
import { Program } from './program.ts'

/** Debian puts it where only root looks. */
const PATHS = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server']

const path = PATHS.find((each) => spawnSync(each, ['--version'], { stdio: 'ignore' }).status === 0)

/** Why no nats-server can be started, if none can. */
export const natsMissing: string | undefined =
  path === undefined ? 'needs nats-server (apt-get install nats-server)' : undefined

/** Starts a nats-server. */
export async function startNats(): Promise<{ program: Program; endpoint: string }> {
  const port = new URL(await freeEndpoint()).port
  const program = new Program(path ?? 'nats-server', ['-a', '127.0.0.1', '-p', port])
  await program.says(/Server is ready/)
  return { program, endpoint: `nats://127.0.0.1:${port}` }
}
