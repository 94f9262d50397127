import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { Room } from '@zcast/room'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { ffmpeg } from '@zcast/testing/pictures/generate-clip'
import { FAKE_DEVICES, useBrowser } from '../../../../web/test/support/browser.ts'
import { observe, observers } from '../../support/observe.ts'
import { enterToShare, type SharePage } from '../../support/share-page.ts'

declare const window: SharePage

const folder = mkdtempSync(join(tmpdir(), 'zcast-test-'))
const scene = join(folder, 'scene.mjpeg')
// What this camera sees is hard to compress: pictures of hundreds of kilobytes.
beforeAll(() =>
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1280x720:r=30,noise=alls=30:allf=t',
    '-frames:v',
    '60',
    '-q:v',
    '3',
    scene,
  ),
)
const browser = useBrowser({ flags: [...FAKE_DEVICES, `--use-file-for-fake-video-capture=${scene}`] })
const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

observers.describe('a camera behind a slow network', () => {
  test('sends smaller and fewer pictures, none of which grows old', async () => {
    if (!browser.isHere) return
    const room = await Room.open({ port: 0, bind: 'tcp://127.0.0.1:*', folder })
    open.push(() => room.close())
    const link = await SlowLink.to(room.address.replace('http', 'tcp'), 300_000)
    link.bytesASecondBack = 300_000
    open.push(() => link.close())
    const page = await browser.open(link.endpoint.replace('tcp', 'http'))
    await enterToShare(page, 'ann')
    expect(await page.evaluate(() => window.sharing.shareCamera())).toBe(true)
    const seen = await observe('watch-camera.py', room.endpoints[0] ?? '', 'video/ann', '6')
    expect(seen['age']).toBeLessThan(1)
    expect(seen['pictures']).toBeGreaterThan(10)
    expect(seen['bytes']).toBeLessThan(100_000)
  })
})
