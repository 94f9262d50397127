import { networkInterfaces } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import { Subscriber } from '@zcast/subscribers'
import { SlowLink } from '@zcast/testing/network/slow-link'
import { CollectingSink } from '@zcast/testing/streams/collecting-sink'
import { until } from '@zcast/testing/waiting/until'
import type { Page } from 'playwright-core'
import { FAKE_DEVICES, useBrowser } from '../../../../web/test/support/browser.ts'
import { enterToShare, type SharePage } from '../../support/share-page.ts'
import { useRooms } from '../../support/use-rooms.ts'

declare const window: SharePage & { WebSocket: typeof WebSocket }

const rooms = useRooms()

const openRoom = async (host?: string): Promise<string> => (await rooms.open({ host, noToken: true })).address

/** Tries all three, one after another. @returns What the person is told. */
function tryAll(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    await window.sharing.shareCamera()
    await window.sharing.shareMicrophone()
    await window.sharing.shareScreen()
    return window.problems
  })
}

describe('a browser without a camera and a microphone', () => {
  const browser = useBrowser()

  test('says that there are none', async () => {
    if (!browser.isHere) return
    const page = await browser.open(await openRoom())
    await enterToShare(page, 'ann')
    const [camera, microphone] = await tryAll(page)
    expect(camera).toBe('No camera was found: plug one in, then try again.')
    expect(microphone).toBe('No microphone was found: plug one in, then try again.')
    expect(await page.evaluate(() => window.sharing.state)).toMatchObject({ camera: null, microphone: false })
  })

  test('says why there can be none on a page of another machine without https', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address
    if (!browser.isHere || address === undefined) return console.log('skipped: this machine has no network')
    const page = await browser.open(await openRoom(address))
    await enterToShare(page, 'ann')
    const problems = await tryAll(page)
    expect(problems).toHaveLength(3)
    for (const problem of problems)
      expect(problem).toContain('Open the room by https: start it with --https.')
  })
})

describe('a browser with a camera', () => {
  const browser = useBrowser({ flags: FAKE_DEVICES })

  test('says that it is gone when it was unplugged, or that another program has it', async () => {
    if (!browser.isHere) return
    const page = await browser.open(await openRoom())
    await enterToShare(page, 'ann')
    await page.evaluate(async () => {
      await window.sharing.shareCamera()
      window.sharing.state.stream?.getTracks()[0]?.dispatchEvent(new Event('ended'))
    })
    expect(await page.evaluate(() => window.problems)).toEqual([
      'The camera is gone: it was unplugged, or is used elsewhere.',
    ])
    expect(await page.evaluate(() => window.sharing.state.camera)).toBe(null)
    await page.waitForFunction(() => window.told.some(({ type }) => type === 'wanted'))
    await page.evaluate(async () => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('in use', 'NotReadableError'))
      await window.sharing.shareCamera()
    })
    expect((await page.evaluate(() => window.problems))[1]).toMatch(
      /^The camera is in use by another program/,
    )
  })

  test('says how to allow it when its person, or their system, has said no', async () => {
    if (!browser.isHere) return
    const page = await browser.open(await openRoom())
    await enterToShare(page, 'ann')
    const problems = await page.evaluate(async () => {
      // As Chromium, Firefox and Safari say it; the screen's question was only closed.
      for (const message of ['Permission denied', 'Permission denied by system']) {
        const refuse = (): Promise<never> => Promise.reject(new DOMException(message, 'NotAllowedError'))
        navigator.mediaDevices.getUserMedia = refuse
        navigator.mediaDevices.getDisplayMedia = refuse
        await window.sharing.shareCamera()
        await window.sharing.shareScreen()
      }
      return window.problems
    })
    expect(problems).toEqual([
      'The browser does not let this page use the camera: allow it by the symbol beside the address, then try again.',
      'The system does not let the browser use the camera: allow it in its privacy settings.',
      'The system does not let the browser use the screen: allow it in its privacy settings.',
    ])
  })

  test('says that nobody gets its pictures where the network lets no WebSocket through', async () => {
    if (!browser.isHere) return
    const room = await rooms.open()
    const page = await browser.open(room.address)
    await enterToShare(page, 'ann')
    await page.evaluate(() => {
      const Own = window.WebSocket
      window.WebSocket = class extends Own {
        constructor() {
          super(new URL('./nothing', document.baseURI).href.replace('http', 'ws'))
        }
      }
      return window.sharing.shareCamera()
    })
    const viewer = await Subscriber.open({ connect: room.endpoints[0] ?? '', topics: ['video/ann'] })
    rooms.closeAfter(viewer)
    await page.waitForFunction(() => window.problems.length > 0)
    expect(await page.evaluate(() => window.problems)).toEqual([
      'Nobody gets your camera: the network here lets no WebSocket through. Try another network.',
    ])
  })

  test('is heard on a network too slow for its whole sound, less clearly, and says so', async () => {
    if (!browser.isHere) return
    const room = await rooms.open()
    const link = await SlowLink.to(room.address.replace('http', 'tcp'), 10_000_000)
    link.bytesASecondBack = 60_000
    rooms.closeAfter(link)
    const page = await browser.open(link.endpoint.replace('tcp', 'http'))
    await enterToShare(page, 'ann')
    expect(await page.evaluate(() => window.sharing.shareMicrophone())).toBe(true)
    const listener = await Subscriber.open({
      connect: room.endpoints[0] ?? '',
      topics: ['audio/ann'],
      delivery: 'all',
    })
    rooms.closeAfter(listener)
    const heard = new CollectingSink()
    const listening = listener.run(heard)
    await page.waitForFunction(() => window.problems.length > 0)
    expect(await page.evaluate(() => window.problems)).toEqual([
      'Your network is slow: your voice is sent less clearly.',
    ])
    const before = heard.envelopes.length
    await until(() => heard.envelopes.length >= before + 100)
    for (const { block } of heard.envelopes) expect(block).toMatchObject({ rate: 48_000, samples: 960 })
    await listener.close()
    await listening
  })

  test('says that it cannot share its screen, as phones do', async () => {
    if (!browser.isHere) return
    const page = await browser.open(await openRoom())
    await enterToShare(page, 'ann')
    await page.evaluate(async () => {
      delete (MediaDevices.prototype as { getDisplayMedia?: unknown }).getDisplayMedia
      await window.sharing.shareScreen()
    })
    expect(await page.evaluate(() => window.problems)).toEqual([
      'This browser cannot share its screen, as most browsers on phones. Use one on a computer.',
    ])
  })
})
