import { spawnSync } from 'node:child_process'
import type { Link } from './link.ts'

const ADDRESSES = ['10.214.0.1', '10.214.0.2'] as const
const PORT = 5557

/** What the bucket lets through at once, and what may wait for it: a little of what a router has. */
const BURST = '16kb'
const QUEUE = '200kb'

let made = 0

/** Two machines as far as the network goes, with a cable between them; `undefined` where there can be none. */
export function networkNamespaces(): Link | undefined {
  made += 1
  const id = `${process.pid % 100_000}${made % 10}`
  const [sender, receiver] = [`zcast-bench-a${id}`, `zcast-bench-b${id}`]
  const [near, far] = [`zba${id}`, `zbb${id}`]
  const remove = (): void => [sender, receiver].forEach((name) => void ip('netns', 'delete', name))
  const isMade =
    ip('netns', 'add', sender) &&
    ip('netns', 'add', receiver) &&
    // Made inside a namespace, so that the real network is never touched.
    ip('-n', sender, 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', receiver) &&
    ip('-n', sender, 'address', 'add', `${ADDRESSES[0]}/24`, 'dev', near) &&
    ip('-n', receiver, 'address', 'add', `${ADDRESSES[1]}/24`, 'dev', far) &&
    ip('-n', sender, 'link', 'set', near, 'up') &&
    ip('-n', receiver, 'link', 'set', far, 'up') &&
    ip('-n', sender, 'link', 'set', 'lo', 'up')
  const carry = (verb: string, bytesASecond: number): boolean => {
    const rate = `${Math.round(bytesASecond * 8)}bit`
    const bucket = ['tbf', 'rate', rate, 'burst', BURST, 'limit', QUEUE]
    return ip('netns', 'exec', sender, 'tc', 'qdisc', verb, 'dev', near, 'root', ...bucket)
  }
  if (!isMade || !carry('add', 1e6)) {
    remove()
    return undefined
  }
  return {
    kind: 'two network namespaces with `tc ... tbf`',
    listen: `0.0.0.0:${PORT}`,
    reach: `${ADDRESSES[0]}:${PORT}`,
    near: `127.0.0.1:${PORT}`,
    sender: ['ip', 'netns', 'exec', sender],
    receiver: ['ip', 'netns', 'exec', receiver],
    carry: (bytesASecond) => void carry('change', bytesASecond),
    close: async () => remove(),
  }
}

function ip(...args: readonly string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0
}
