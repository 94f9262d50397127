import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { createRequire } from 'node:module'
import { findFfmpeg } from '@zcast/media'

/** What a figure depends on: nothing that names a machine or a person. */
export async function describeMachine(versions: Readonly<Record<string, string>>): Promise<string[]> {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  const { version, bundled } = await findFfmpeg()
  return [
    `${model}, ${availableParallelism()} cores, ${memory} GiB, Linux ${kernel()}`,
    `Node ${process.versions.node}, zeromq.js ${versionOf('zeromq')}, ffmpeg ${version}${bundled ? ' (the one npm installs)' : ''}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ') || 'no peers',
  ]
}

function kernel(): string {
  return readFileSync('/proc/sys/kernel/osrelease', 'utf8').split('-')[0] as string
}

function versionOf(library: string): string {
  const require = createRequire(import.meta.resolve('@zcast/shared'))
  const manifest: unknown = require(`${library}/package.json`)
  return (manifest as { version: string }).version
}
