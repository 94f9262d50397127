import { spawnSync } from 'node:child_process'
import { afterAll } from '@jest/globals'

/** A machine of its own as far as the network goes: a Linux network namespace. */
export interface TestMachine {
  /** Its address on the cable to the other machine. */
  readonly address: string
  /** What to put before a program's path and arguments, so that it runs there. */
  readonly prefix: readonly [string, ...string[]]
  /** Pulls the cable out, or puts it back. */
  plug(plugged: boolean): void
  /** Lets so many kB a second out of it, and no more; `undefined` for as much as there is. @returns Why that cannot be. */
  limit(kilobytesASecond: number | undefined): string | undefined
}

/** Two machines with a cable between them, removed after the file's tests. @returns The reason where there can be none. */
export function connectTwoMachines(): readonly [TestMachine, TestMachine] | string {
  if (process.platform !== 'linux') return 'only Linux has network namespaces'
  const id = `${process.pid % 100_000}`
  const names = [`zcast-a-${id}`, `zcast-b-${id}`] as const
  const cables = [`zca${id}`, `zcb${id}`] as const
  const addresses = ['10.213.0.1', '10.213.0.2'] as const
  const remove = (): void => names.forEach((name) => void run('netns', 'delete', name))
  const failure = firstFailure([
    ...names.map((name) => ['netns', 'add', name]),
    // Made inside a namespace, so that the real network is never touched.
    ['-n', names[0], 'link', 'add', cables[0], 'type', 'veth', 'peer', 'name', cables[1], 'netns', names[1]],
    ...names.flatMap((name, index) => [
      ['-n', name, 'address', 'add', `${addresses[index]}/24`, 'dev', cables[index] as string],
      ['-n', name, 'link', 'set', cables[index] as string, 'up'],
      ['-n', name, 'link', 'set', 'lo', 'up'],
    ]),
  ])
  if (failure !== undefined) {
    remove()
    return `there can be no network namespaces: ${failure}`
  }
  afterAll(remove)
  const machine = (index: 0 | 1): TestMachine => ({
    address: addresses[index],
    prefix: ['ip', 'netns', 'exec', names[index]],
    plug: (plugged) => void run('-n', names[index], 'link', 'set', cables[index], plugged ? 'up' : 'down'),
    limit: (kilobytesASecond) => {
      const tc = (...args: string[]): string | undefined =>
        run('netns', 'exec', names[index], 'tc', 'qdisc', ...args)
      const where = ['dev', cables[index], 'root']
      tc('del', ...where)
      if (kilobytesASecond === undefined) return undefined
      const rate = `${kilobytesASecond * 8}kbit`
      return tc('add', ...where, 'tbf', 'rate', rate, 'burst', '16kb', 'limit', '200kb')
    },
  })
  return [machine(0), machine(1)]
}

function firstFailure(commands: readonly (readonly string[])[]): string | undefined {
  for (const command of commands) {
    const failure = run(...command)
    if (failure !== undefined) return failure
  }
  return undefined
}

/** Runs `ip`. @returns Why it failed, if it did. */
function run(...args: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync('ip', args, { encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? stderr.trim())
}
