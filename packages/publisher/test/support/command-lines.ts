import { readdir, readFile } from 'node:fs/promises'

/** The arguments of every process of this machine. */
export async function commandLines(): Promise<string> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = numbers.map((number) => readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(lines)).join('\n')
}
