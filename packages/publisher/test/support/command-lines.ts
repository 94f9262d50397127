import { readdir, readFile } from 'node:fs/promises'

/** The arguments of every process of this machine. */
export async function commandLines(): Promise<string> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = numbers.map((number) => readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(lines)).join('\n')
}

/** The arguments of the processes that this one has started. */
export async function childCommandLines(): Promise<string> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = numbers.map(async (number) => {
    const stat = await readFile(`/proc/${number}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    return parent === process.pid ? readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => '') : ''
  })
  return (await Promise.all(lines)).join('\n')
}
