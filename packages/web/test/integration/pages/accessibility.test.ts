/// <reference lib="dom" />
import { afterEach, describe, test } from '@jest/globals'
import { NoticeBoard } from '@zcast/shared'
import type { Page } from 'playwright-core'
import { expectAccessible } from '../../support/audit.ts'
import { useBrowser } from '../../support/browser.ts'
import { closeDashboards, numbers, openDashboard, openFeed, video } from '../../support/dashboard.ts'
import { closeViewers, openViewer, paint } from '../../support/viewer.ts'

const SECRET = 'open-sesame-0123456789'

const browser = useBrowser()

afterEach(async () => {
  await closeViewers()
  await closeDashboards()
})

/** A test that needs the browser; `bring` brings the page into the state that is looked at. */
function testAccessible(
  title: string,
  bring: (open: (address: string) => Promise<Page>) => Promise<Page>,
): void {
  test(title, async () => {
    if (browser.isHere) await expectAccessible(await bring(browser.open))
  })
}

const red = paint([255, 0, 0], 640, 360)

describe('axe finds nothing to complain of on the page of a viewer', () => {
  for (const state of ['connecting', 'stale', 'denied', 'live'] as const) {
    const name = {
      connecting: 'that waits',
      stale: 'without a sign of its publisher',
      denied: 'that is refused',
      live: 'with no picture yet',
    }[state]
    testAccessible(name, async (open) => {
      const viewer = await openViewer()
      viewer.setState(state)
      const shown = await open(viewer.address)
      await shown.locator(`body[data-state="${state === 'live' ? 'empty' : state}"]`).waitFor()
      return shown
    })
  }

  testAccessible('that is live, with a failure', async (open) => {
    const notices = new NoticeBoard()
    const viewer = await openViewer({}, { notices })
    const shown = await open(viewer.address)
    notices.error('clip.mp4 cannot be written: the disk is full')
    const showing = setInterval(() => void red.then((jpeg) => viewer.show(jpeg)), 100)
    await shown.locator('#notices:not([hidden])').waitFor()
    await shown.locator('body[data-state="live"]').waitFor()
    clearInterval(showing)
    return shown
  })

  testAccessible('that is paused, with a choice of streams', async (open) => {
    const viewer = await openViewer()
    viewer.show(await red, 'video/left')
    viewer.show(await red, 'video/right')
    const shown = await open(`${viewer.address}/?topic=video%2Fleft`)
    await shown.locator('#topic:not([hidden])').waitFor()
    await shown.locator('#picture[data-seq]').waitFor()
    await shown.keyboard.press(' ')
    await shown.locator('body[data-state="paused"]').waitFor()
    return shown
  })

  testAccessible('with several streams side by side', async (open) => {
    const viewer = await openViewer()
    for (const name of ['left', 'right', 'door']) viewer.show(await red, `video/${name}`)
    const shown = await open(viewer.address)
    await shown.locator('.tile canvas[data-seq]').nth(2).waitFor()
    return shown
  })

  testAccessible('whose publisher sends nothing new', async (open) => {
    const viewer = await openViewer()
    viewer.show(await red)
    const shown = await open(viewer.address)
    await shown.locator('body[data-state="silent"]').waitFor()
    return shown
  })

  testAccessible('that the network is too slow for', async (open) => {
    const viewer = await openViewer()
    const shown = await open(viewer.address)
    const showing = setInterval(() => void red.then((jpeg) => viewer.show(jpeg)), 100)
    viewer.statistics.topic('video/main').network = { wanted: 30, carried: 4 }
    await shown.locator('#state', { hasText: 'Slow: 4 of 30' }).waitFor()
    clearInterval(showing)
    return shown
  })

  testAccessible('that has ended', async (open) => {
    const viewer = await openViewer()
    viewer.show(await red)
    const shown = await open(viewer.address)
    await shown.locator('#picture[data-seq]').waitFor()
    await viewer.sink.close()
    await shown.locator('body:is([data-state="offline"], [data-state="closed"])').waitFor()
    return shown
  })

  testAccessible('that asks for its token', async (open) =>
    open((await openViewer({ token: SECRET })).address),
  )

  testAccessible('that was given a wrong token', async (open) => {
    const { address } = await openViewer({ token: SECRET })
    return open(`${address}/?token=wrong-wrong-wrong`)
  })
})

describe('axe finds nothing to complain of on the dashboard', () => {
  testAccessible('with nothing on it', async (open) => {
    const dashboard = await openDashboard()
    const shown = await open(dashboard.address)
    await shown.locator('body[data-link="live"], #log .empty').first().waitFor()
    return shown
  })

  testAccessible('with numbers alone', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const shown = await open(dashboard.address)
    deliver('numbers/random', numbers([1, 2, 3]))
    await shown.getByRole('button', { name: 'Position 2' }).waitFor()
    return shown
  })

  testAccessible('with numbers, long and short, whose publisher is gone', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed(), 'stale')
    deliver('numbers/long', numbers(Array.from({ length: 40 }, (_, position) => position)))
    deliver('numbers/short', numbers([1, 2]))
    const shown = await open(dashboard.address)
    await shown.locator('.chart.is-gone').nth(1).waitFor()
    return shown
  })

  testAccessible('with video alone', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    deliver('video/cam', await video())
    const shown = await open(dashboard.address)
    await shown.locator('.tile canvas[data-seq]').waitFor()
    return shown
  })

  testAccessible('with many of both, long arrays and errors in the log', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    const long = Array.from({ length: 40 }, (_, position) => position)
    for (let index = 0; index < 3; index++) {
      deliver(`numbers/sensor${index}`, numbers(index === 0 ? long : [1, 2]))
      deliver(`video/cam${index}`, await video())
    }
    dashboard.logLine(
      '5080 - 2026-08-04T17:47:01.977+02:00 - ERROR - publisher: cannot bind tcp://127.0.0.1:5556',
    )
    const shown = await open(dashboard.address)
    await shown.getByRole('button', { name: 'Position 31' }).waitFor()
    await shown.locator('#log :not(.empty)').waitFor()
    await shown.locator('.tile canvas[data-seq]').first().waitFor()
    return shown
  })

  testAccessible('with one video enlarged', async (open) => {
    const dashboard = await openDashboard()
    const { deliver } = await openFeed(dashboard.feed())
    deliver('video/cam', await video())
    const shown = await open(dashboard.address)
    await shown.locator('.tile canvas[data-seq]').waitFor()
    await shown.getByRole('button', { name: 'Enlarge video/cam' }).click()
    return shown
  })

  testAccessible('that asks for its token', async (open) =>
    open((await openDashboard({ token: SECRET })).address),
  )
})
