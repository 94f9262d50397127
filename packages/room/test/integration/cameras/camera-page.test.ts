import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, test } from '@jest/globals'
import { Room } from '@zcast/room'
import { findPython } from '@zcast/testing/machine/python'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { FAKE_DEVICES, useBrowser } from '../../../../web/test/support/browser.ts'
import { enterToShare, type SharePage } from '../../support/share-page.ts'

const folder = useTemporaryFolder()
const browser = useBrowser({ flags: FAKE_DEVICES })
const python = findPython('zmq, msgpack, cv2, numpy')
const open: (() => unknown)[] = []

declare const window: SharePage

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function openRoom(): Promise<Room> {
  const room = await Room.open({ port: 0, bind: 'tcp://127.0.0.1:*', folder: folder() })
  open.push(() => room.close())
  return room
}

/** Runs one of the programs that watch or listen, which are not ours: PyZMQ, OpenCV and numpy. */
async function observe(script: string, ...args: string[]): Promise<Record<string, number>> {
  const path = fileURLToPath(new URL(`../../fixtures/${script}`, import.meta.url))
  const { stdout } = await promisify(execFile)(python.path ?? '', [path, ...args])
  return JSON.parse(stdout) as Record<string, number>
}

python.describe("a guest's browser", () => {
  test('is a camera for OpenCV, and captures only while somebody watches', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await browser.open(room.address)
    await enterToShare(page, 'Zoë Müller')
    expect(await page.evaluate(() => window.sharing.shareCamera())).toBe(true)
    await page.waitForFunction(() => window.told.some(({ type }) => type === 'wanted'))
    expect(await page.evaluate(() => window.sharing.state)).toMatchObject({
      camera: 'camera',
      isWatched: false,
    })
    const seen = await observe(
      'watch-camera.py',
      room.endpoints[0] ?? '',
      'video/Zoe-Muller',
      '2',
      '/tmp/fake.png',
    )
    console.log(seen)
    expect(seen).toMatchObject({ width: 1280, height: 720 })
    expect(seen['pictures']).toBeGreaterThan(5)
    await page.waitForFunction(() => !window.sharing.state.isWatched)
    expect(await page.evaluate(() => window.problems)).toEqual([])
  })

  test('is a microphone, whose beeps are found at their pitch', async () => {
    if (!browser.isHere) return
    const room = await openRoom()
    const page = await browser.open(room.address)
    await enterToShare(page, 'ann')
    expect(await page.evaluate(() => window.sharing.shareMicrophone())).toBe(true)
    const heard = await observe('hear-microphone.py', room.endpoints[0] ?? '', 'audio/ann', '4')
    console.log(heard)
    expect(heard).toMatchObject({ rate: 48_000, channels: 1, samples: 960 })
    expect(heard['loudest']).toBeGreaterThan(1000)
    await page.waitForFunction(() => !window.sharing.state.isHeard)
    expect(await page.evaluate(() => window.problems)).toEqual([])
  })
})
