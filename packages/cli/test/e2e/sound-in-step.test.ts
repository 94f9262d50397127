import { describe, expect, test } from '@jest/globals'
import { useBrowser } from '../../../web/test/support/browser.ts'
import { forget, measureStep, watch } from '../../../web/test/support/in-step.ts'
import { ffmpeg } from '../support/clips.ts'
import { HAS_PROC } from '../support/process-tree.ts'
import type { Program } from '../support/program.ts'
import { publishedAt, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const browser = useBrowser()

/** A clip of 4 s that is white for a tenth of each second, and beeps meanwhile; it is played again and again. */
async function flashAndBeep(): Promise<string> {
  const path = bench.path('clip.mp4')
  const picture = "color=black:s=160x90:r=30,drawbox=c=white:t=fill:enable='lt(mod(t,1),0.1)'"
  const sound = "aevalsrc='if(lt(mod(t,1),0.1),0.5*sin(2*PI*1000*t),0)':s=44100"
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-t', '4']
  await ffmpeg(...inputs, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path)
  return path
}

interface Started {
  readonly publisher: Program
  readonly viewer: Program
  readonly address: string
}

async function start(...options: string[]): Promise<Started> {
  const bind = ['--bind', 'tcp://127.0.0.1:*', '--audio-port', 0]
  const publisher = bench.start([
    'publish',
    'video',
    await flashAndBeep(),
    ...bind,
    '--json',
    '--linger',
    '0s',
  ])
  const [pictures, sound] = [
    await publishedAt(publisher, 'video/main'),
    await publishedAt(publisher, 'audio/main'),
  ]
  const args = ['viewer', 1, '--port', 0, '--connect', pictures, '--audio', sound, ...options]
  const viewer = bench.start(args)
  const [, address = ''] = await viewer.stdout.find(/^watch at (.*)$/)
  return { publisher, viewer, address }
}

interface Sent {
  readonly topic: string
  readonly sent: number
}

describe('a clip that flashes and beeps', () => {
  test('is seen and heard at the same time, from pass to pass, and after its publisher was stopped', async () => {
    if (!browser.isHere || !HAS_PROC) return
    const { publisher, address } = await start()
    const page = await browser.newPage()
    await page.addInitScript(watch)
    await page.goto(address)
    await page.getByRole('button', { name: 'Sound off, click to hear' }).click()
    await measureStep(page, 3)
    await forget(page)
    expect(Math.abs(await measureStep(page, 9))).toBeLessThanOrEqual(40)
    process.kill(publisher.pid, 'SIGSTOP')
    await page.getByRole('status').getByText('No sound comes').waitFor()
    process.kill(publisher.pid, 'SIGCONT')
    await measureStep(page, 12)
    await forget(page)
    expect(Math.abs(await measureStep(page, 7))).toBeLessThanOrEqual(40)
  })

  test('is not decoded for its sound while the page does not play it', async () => {
    if (!browser.isHere) return
    const { publisher, address } = await start('--linger', '0s')
    const page = await browser.open(address)
    const button = page.getByRole('button', { name: 'Sound off, click to hear' })
    await button.waitFor()
    /** The pieces of sound that were sent, when the publisher says so next; pictures are sent meanwhile. */
    const nextSent = async (): Promise<number> => {
      const [line] = await publisher.stdout.find(
        /^\{"type":"stats","topic":"audio\/main".*/,
        publisher.stdout.all.length,
      )
      return (JSON.parse(line) as Sent).sent
    }
    await nextSent()
    const before = await nextSent()
    expect(await nextSent()).toBe(before)
    await button.click()
    while ((await nextSent()) <= before);
  })
})
