import { copyFile, rm, symlink, truncate } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import type { Room } from '@zcast/room'
import { ffmpeg } from '@zcast/testing/pictures/generate-clip'
import { ffmpegs } from '../support/ffmpegs.ts'
import { flashAndBeep } from '../support/flash-and-beep.ts'
import { filmOf, screenOf, Screening, settle, type Watcher } from '../support/screening.ts'
import type { Visit } from '../support/visit.ts'

const screening = new Screening()

async function onAir(name: string): Promise<{ room: Room; ann: Visit; watcher: Watcher }> {
  const room = await screening.room()
  const ann = await screening.guest(room)
  const { id } = await filmOf(ann, name)
  const watcher = await screening.watcher(room)
  ann.say({ type: 'air', film: id })
  return { room, ann, watcher }
}

/** A film of which ffmpeg cannot have decoded everything before it is killed: its output waits to be read. */
async function long(path: string): Promise<string> {
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=480x360:r=25:d=30', '-f', 'lavfi', '-i', 'sine=d=30']
  await ffmpeg(...inputs, '-c:v', 'mpeg4', '-q:v', '2', '-g', '10', '-c:a', 'aac', path)
  return path
}

/** It may be gone by now. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}

describe('a film that fails', () => {
  test('is said to be gone when its file was deleted or replaced, and the room goes on', async () => {
    await settle(await flashAndBeep(screening.path('a.mp4')))
    await settle(await flashAndBeep(screening.path('b.mp4')))
    const { room, ann, watcher } = await onAir('a')
    const { id: other } = await filmOf(await screening.guest(room, 'ben'), 'b')
    await watcher.next()
    await rm(screening.path('a.mp4'))
    await symlink('/etc/passwd', screening.path('a.mp4'))
    ann.say({ type: 'seek', to: 8 })
    const { problem, isPlaying } = await screenOf(ann, (screen) => screen.problem !== undefined)
    expect({ problem, isPlaying }).toEqual({
      problem: '"a" has been changed: choose a film of the list',
      isPlaying: true,
    })
    ann.say({ type: 'air', film: other })
    expect((await screenOf(ann, ({ name }) => name === 'b')).problem).toBeUndefined()
    await watcher.next()
  })

  test('goes on where it was when ffmpeg is killed, and is given up when that happens again and again', async () => {
    await settle(await long(screening.path('a.mp4')))
    const { ann, watcher } = await onAir('a')
    await watcher.next()
    let problem: string | undefined
    void screenOf(ann, (screen) => screen.problem !== undefined).then((screen) => (problem = screen.problem))
    for (const pid of await ffmpegs()) kill(pid)
    const { time = 0 } = watcher.pictures.at(-1) ?? {}
    await watcher.next((picture) => picture.time > time + 2)
    expect(problem).toBeUndefined()
    ann.say({ type: 'seek', to: 1 })
    // Not beyond this test, whatever happens: others have an ffmpeg, too.
    const enough = AbortSignal.timeout(50_000)
    while (problem === undefined && !enough.aborted) {
      for (const pid of await ffmpegs()) kill(pid)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(problem).toMatch(/"a"/)
    expect(problem).not.toContain(screening.folder())
    ann.say({ type: 'play' })
    await watcher.next()
  })

  test('shows what there is of one that is cut short, and comes to its end', async () => {
    const whole = screening.path('whole.mkv')
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=6', '-c:v', 'libx264', '-g', '10', whole)
    await copyFile(whole, screening.path('cut.mkv'))
    await truncate(screening.path('cut.mkv'), 60_000)
    await settle(screening.path('cut.mkv'))
    await rm(whole)
    const { ann, watcher } = await onAir('cut')
    await watcher.next()
    const { position, problem } = await screenOf(ann, ({ isPlaying }) => !isPlaying)
    expect(problem).toBeUndefined()
    expect(position).toBeLessThanOrEqual(6)
  })

  test('stands on its last picture while its sound is longer, and has an end when it is one picture', async () => {
    const long = screening.path('long.mp4')
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=1']
    await ffmpeg(...picture, '-f', 'lavfi', '-i', 'sine=f=500:d=3', '-c:v', 'libx264', '-c:a', 'aac', long)
    await settle(long)
    const one = screening.path('one.mp4')
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10', '-frames:v', '1', '-c:v', 'libx264', one)
    await settle(one)
    const { ann, watcher } = await onAir('long')
    // By the clock of the screen, which waits on a busy machine: since when it ran on without a change.
    let since = { time: Infinity, position: 0 }
    const next = await screenOf(ann, (screen) => {
      if (screen.name === 'long') since = { time: screen.time, position: screen.position }
      return screen.name === 'one'
    })
    expect(next.isPlaying).toBe(true)
    const placeAt = (time: number): number => since.position + time - since.time
    // Its pictures last a second, and its sound three.
    expect(placeAt(next.time)).toBeGreaterThan(2.9)
    expect(Math.max(...watcher.sound.map(({ time }) => placeAt(time)))).toBeGreaterThan(2)
    const end = await screenOf(ann, ({ isPlaying }) => !isPlaying)
    expect([end.name, end.problem]).toEqual(['one', undefined])
  })

  test('is shown without sound when that cannot be read, which is said', async () => {
    const path = screening.path('a.avi')
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10:d=3', '-f', 'lavfi', '-i', 'sine=d=3']
    // A codec of telephones, which is not read.
    const sound = ['-c:a', 'g723_1', '-ar', '8000', '-ac', '1', '-b:a', '6300']
    await ffmpeg(...inputs, '-c:v', 'mpeg4', ...sound, path)
    await settle(path)
    const { ann, watcher } = await onAir('a')
    const first = await watcher.next()
    await watcher.next(({ time }) => time > first.time + 2)
    expect((await screenOf(ann, ({ isPlaying }) => !isPlaying)).problem).toBeUndefined()
    expect(screening.log.lines).toContainEqual(expect.stringContaining('sound of'))
  })
})
