import { describe, expect, test } from '@jest/globals'
import { Demand } from '@zcast/shared'
import { jpegShell } from '@zcast/testing/streams/envelopes'
import type { ClipJob, JobPicture } from '../../../../src/sources/clip/clip-job.ts'
import type { ClipPlace } from '../../../../src/sources/clip/clip-place.ts'
import { ClipPlayer } from '../../../../src/sources/clip/clip-player.ts'
import type { ClipStore } from '../../../../src/sources/clip/cache/clip-store.ts'

const PICTURES = 40

/** A clip whose pictures tell by their size which state of the file, and which output, they are of. */
class FakeClip {
  /** Each start of ffmpeg: the output, and the first picture. */
  readonly starts: [output: string, from: number][] = []
  readonly #pictures: number
  #state = 1

  constructor(pictures: number) {
    this.#pictures = pictures
  }

  /** Puts another file in its place. */
  replace(): void {
    this.#state += 1
  }

  get job(): ClipJob {
    const pictures = (output: string, place: ClipPlace | undefined): AsyncGenerator<JobPicture> =>
      this.#make(output, place?.next ?? 0)
    return { pictures, dropped: 0 } as unknown as ClipJob
  }

  get store(): ClipStore {
    const opened = this.#state
    let unchanged = true
    const store: Partial<ClipStore> = {
      get unchanged() {
        return unchanged
      },
      beginPass: async () => void (unchanged &&= this.#state === opened),
      reader: async () => undefined,
      keep: async () => undefined,
      endPass: async () => undefined,
      interrupt: async () => undefined,
    }
    return store as ClipStore
  }

  async *#make(output: string, from: number): AsyncGenerator<JobPicture> {
    this.starts.push([output, from])
    const [state, height] = [this.#state, output === '' ? 2 : 1]
    for (let index = from; index < this.#pictures; index++) {
      yield { index, at: index / 30, jpeg: jpegShell(state, height) }
    }
  }
}

interface Playing {
  readonly player: ClipPlayer
  readonly demand: Demand
}

function play(clip: FakeClip): Playing {
  const demand = new Demand([''])
  const { signal } = new AbortController()
  const options = { name: 'clip', loop: true, smaller: ['24p'], copied: false, framesPerSecond: 30 }
  return { demand, player: new ClipPlayer({ ...options, job: clip.job, store: clip.store, demand, signal }) }
}

/** The next pictures, as the state of the file, the output and the number. */
async function take(player: ClipPlayer, count: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < count) {
    const picture = await player.next()
    if (!picture) throw new Error('the clip has ended')
    taken.push(`${picture.width} ${picture.output || 'full'} ${picture.index}`)
  }
  return taken
}

describe('ClipPlayer', () => {
  test('reads a clip once, and plays it from memory', async () => {
    const clip = new FakeClip(PICTURES)
    const { player } = play(clip)
    const taken = await take(player, 3 * PICTURES)
    expect(taken[2 * PICTURES + 7]).toBe('1 full 7')
    expect(clip.starts).toEqual([['', 0]])
    await player.close()
  })

  test('goes on with a remembered pass while only something smaller is wanted', async () => {
    const clip = new FakeClip(PICTURES)
    const { player, demand } = play(clip)
    await take(player, PICTURES + 5)
    demand.set('24p', true)
    demand.set('', false)
    expect(await take(player, 2)).toEqual(['1 full 5', '1 full 6'])
    demand.set('', true)
    expect(await take(player, 1)).toEqual(['1 full 7'])
    expect(clip.starts).toEqual([['', 0]])
    await player.close()
  })

  test('shows no picture of a file that was replaced after a pass over the new one has begun', async () => {
    const clip = new FakeClip(PICTURES)
    const { player, demand } = play(clip)
    await take(player, PICTURES)
    clip.replace()
    demand.set('24p', true)
    demand.set('', false)
    expect(await take(player, 3)).toEqual(['2 24p 0', '2 24p 1', '2 24p 2'])
    demand.set('', true)
    const [first, ...rest] = await take(player, 10)
    expect(first).toMatch(/^2 /)
    expect(rest.every((picture) => picture.startsWith('2 full'))).toBe(true)
    await player.close()
  })

  test('does not start ffmpeg for each few pictures of a short clip, also after its file was replaced', async () => {
    const clip = new FakeClip(3)
    const { player } = play(clip)
    await take(player, 30)
    expect(clip.starts).toHaveLength(1)
    clip.replace()
    const after = await take(player, 33)
    expect(after.slice(-3)).toEqual(['2 full 0', '2 full 1', '2 full 2'])
    expect(clip.starts).toHaveLength(2)
    await player.close()
  })

  test('reads a long clip ahead from one pass to the next after its file was replaced', async () => {
    const clip = new FakeClip(PICTURES)
    const { player } = play(clip)
    await take(player, PICTURES)
    clip.replace()
    await take(player, 2 * PICTURES - 1)
    // Reading ahead goes on by itself.
    await new Promise(setImmediate)
    expect(clip.starts).toHaveLength(4)
    await player.close()
  })
})
