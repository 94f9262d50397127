import { readdir, readFile } from 'node:fs/promises'
import { Demand, type Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import type { Source } from '../../src/sources/source.ts'
import { frameNumber } from './clips.ts'

/** A running source, whose frames are taken one by one while the demand for them changes. */
export class Play {
  readonly demand: Demand
  readonly #controller = new AbortController()
  readonly #frames: AsyncIterator<Frame>

  constructor(source: Source, wanted: readonly string[] = ['']) {
    this.demand = new Demand(wanted)
    const run = { signal: this.#controller.signal, demand: this.demand }
    this.#frames = source.blocks(run)[Symbol.asyncIterator]() as AsyncIterator<Frame>
  }

  /** The next frame; throws when there is none. */
  async next(): Promise<Frame> {
    const result = await this.#frames.next()
    if (result.done) throw new Error('the source has ended')
    return result.value
  }

  /** The next frames. */
  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = []
    while (frames.length < count) frames.push(await this.next())
    return frames
  }

  /** Ends the source, and resolves when it has. */
  async end(): Promise<void> {
    this.#controller.abort()
    while (!(await this.#frames.next()).done);
  }
}

/** Which pictures of a generated clip these are. */
export async function numbersOf(frames: readonly Frame[]): Promise<number[]> {
  return Promise.all(frames.map(async ({ data }) => frameNumber((await decodeJpeg(data)).pixels)))
}

/** 0, 1, 2, ... */
export const countTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** The ffmpeg processes that this one has started and that run now. Linux only; empty elsewhere. */
export async function ffmpegProcesses(): Promise<string[]> {
  const tasks = await readdir('/proc/self/task').catch(() => [])
  const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
  const children = await Promise.all(tasks.map((task) => text(`/proc/self/task/${task}/children`)))
  const ids = children.join(' ').split(/\s+/).filter(Boolean)
  const names = await Promise.all(ids.map((id) => text(`/proc/${id}/comm`)))
  return ids.filter((_, i) => names[i]?.startsWith('ffmpeg'))
}
