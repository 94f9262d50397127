import { readdir, readFile } from 'node:fs/promises'

/** The processes of ffmpeg that this one has started (Linux; elsewhere none are found). */
export async function ffmpegs(): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      const [, name = '', parent] = /^\d+ \((.*)\) \w (\d+)/.exec(status) ?? []
      return name.startsWith('ffmpeg') && parent === String(process.pid) ? [Number(pid)] : []
    }),
  )
  return found.flat()
}
