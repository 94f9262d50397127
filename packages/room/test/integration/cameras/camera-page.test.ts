import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { FAKE_DEVICES, useBrowser } from '../../../../web/test/support/browser.ts'
import { observe, observers } from '../../support/observe.ts'
import { enterToShare, type SharePage } from '../../support/share-page.ts'
import { useRooms } from '../../support/use-rooms.ts'

const rooms = useRooms()
const browser = useBrowser({ flags: FAKE_DEVICES })

declare const window: SharePage & { AudioContext: typeof AudioContext }

observers.describe("a guest's browser", () => {
  test('is a camera for OpenCV, and captures only while somebody watches', async () => {
    if (!browser.isHere) return
    const room = await rooms.open()
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
      join(rooms.folder(), 'fake.png'),
    )
    // A busy machine makes its pictures smaller, never wider or of another shape.
    expect((seen['width'] ?? 0) / (seen['height'] ?? 1)).toBeCloseTo(16 / 9, 1)
    expect(seen['width']).toBeLessThanOrEqual(1280)
    expect(seen['pictures']).toBeGreaterThan(1)
    // The fake camera is green, with a sector that grows.
    expect(seen['green']).toBeGreaterThan(0.9)
    expect(seen['changes']).toBeGreaterThan(0)
    await page.waitForFunction(() => !window.sharing.state.isWatched)
    expect(await page.evaluate(() => window.problems)).toEqual([])
  })

  test('is a microphone, whose beeps are found at their pitch', async () => {
    if (!browser.isHere) return
    const room = await rooms.open()
    const page = await browser.open(room.address)
    await enterToShare(page, 'ann')
    expect(await page.evaluate(() => window.sharing.shareMicrophone())).toBe(true)
    const heard = await observe('hear-microphone.py', room.endpoints[0] ?? '', 'audio/ann', '4')
    expect(heard).toMatchObject({ rate: 48_000, channels: 1, samples: 960 })
    expect(heard['loudest']).toBeGreaterThan(1000)
    // A beep of 400 Hz now and then.
    expect(Math.abs((heard['hertz'] ?? 0) - 400)).toBeLessThan(10)
    expect(Math.abs((heard['gap'] ?? 0) - 0.02)).toBeLessThan(0.0005)
    await page.waitForFunction(() => !window.sharing.state.isHeard)
    expect(await page.evaluate(() => window.problems)).toEqual([])
  })

  test('is one at the same pitch where a browser wants its own rate for sound', async () => {
    if (!browser.isHere) return
    const room = await rooms.open()
    const page = await browser.open(room.address)
    await enterToShare(page, 'ann')
    await page.evaluate(() => {
      // As Firefox with a microphone of 44.1 kHz: another rate is refused.
      const Context = AudioContext
      window.AudioContext = function (options: AudioContextOptions) {
        if (options.sampleRate !== undefined)
          throw new DOMException('different sample-rate', 'NotSupportedError')
        return new Context({ ...options, sampleRate: 44_100 })
      } as unknown as typeof AudioContext
      return window.sharing.shareMicrophone()
    })
    const heard = await observe('hear-microphone.py', room.endpoints[0] ?? '', 'audio/ann', '4')
    expect(heard).toMatchObject({ rate: 48_000, samples: 960 })
    expect(Math.abs((heard['hertz'] ?? 0) - 400)).toBeLessThan(10)
    expect(Math.abs((heard['gap'] ?? 0) - 0.02)).toBeLessThan(0.0005)
  })
})
