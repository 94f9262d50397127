import { readdir, readFile } from 'node:fs/promises'

/** The arguments of every process of this machine. */
export async function commandLines(): Promise<string> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = numbers.map((number) => readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(lines)).join('\n')
}

/** The arguments of the processes that this one has started. */
export async function childCommandLines(): Promise<string> {
  const threads = await readdir('/proc/self/task').catch(() => [])
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
  const lists = await Promise.all(threads.map((thread) => read(`/proc/self/task/${thread}/children`)))
  const children = lists.join(' ').split(' ').filter(Boolean)
  return (await Promise.all(children.map((child) => read(`/proc/${child}/cmdline`)))).join('\n')
}
