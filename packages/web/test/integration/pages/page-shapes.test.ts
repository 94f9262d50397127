/// <reference lib="dom" />
import { afterEach, describe, expect, test } from '@jest/globals'
import { useBrowser } from '../../support/browser.ts'
import { expectWhole, PICTURE_SIZES, WINDOW_SIZES } from '../../support/shapes.ts'
import { closeViewers, openViewer, paint } from '../../support/viewer.ts'

const browser = useBrowser()

afterEach(closeViewers)

const [SMALL, , , , WIDE] = PICTURE_SIZES

describe('a picture on the page of a viewer', () => {
  for (const fullScreen of [false, true]) {
    const where = fullScreen ? 'in full screen' : 'in a window'
    test(`is seen whole, whatever its shape and that of the window, ${where}`, async () => {
      const viewer = await openViewer()
      if (!browser.isHere) return
      const shown = await browser.open(viewer.address)
      // One page for all of them: the size of the picture changes in the middle of its stream.
      for (const size of PICTURE_SIZES) {
        const seq = viewer.show(await paint([0, 90, 200], ...size))
        await shown.locator(`#picture[data-seq="${seq}"]`).waitFor()
        if (fullScreen && size === SMALL) {
          await shown.keyboard.press('f')
          await shown.waitForFunction(() => document.fullscreenElement !== null)
        }
        for (const [width, height] of WINDOW_SIZES) {
          await shown.setViewportSize({ width, height })
          await expectWhole(shown, '#picture', '#stage', size)
        }
      }
    })
  }

  test('is seen whole again after it was looked at in its own size', async () => {
    const viewer = await openViewer()
    if (!browser.isHere) return
    const shown = await browser.open(viewer.address)
    const seq = viewer.show(await paint([0, 90, 200], ...WIDE))
    await shown.locator(`#picture[data-seq="${seq}"]`).waitFor()
    await shown.keyboard.press('z')
    await shown.keyboard.press('z')
    await expectWhole(shown, '#picture', '#stage', WIDE)
  })
})

describe('a picture among others', () => {
  test('is seen whole in its tile, and every tile in the window', async () => {
    const viewer = await openViewer()
    for (const [index, size] of PICTURE_SIZES.entries()) {
      viewer.show(await paint([0, 90, 200], ...size), `video/cam${index}`)
    }
    if (!browser.isHere) return
    const shown = await browser.open(viewer.address)
    await shown
      .locator('.tile canvas:visible')
      .nth(PICTURE_SIZES.length - 1)
      .waitFor()
    for (const [width, height] of WINDOW_SIZES) {
      await shown.setViewportSize({ width, height })
      for (const [index, size] of PICTURE_SIZES.entries()) {
        await expectWhole(shown, `[data-topic="video/cam${index}"] canvas`, '.tile', size)
      }
    }
  })
})

describe('the figures of a viewer', () => {
  test('are all seen, and all buttons, however small the window, or large the letters', async () => {
    if (!browser.isHere) return
    const viewer = await openViewer()
    const shown = await browser.open(viewer.address)
    const seq = viewer.show(await paint([0, 90, 200], 1920, 1080))
    await shown.locator(`#picture[data-seq="${seq}"]`).waitFor()
    // The last ones are windows of 1366x650 and 1280x1024 at 200 % and 400 %.
    for (const [width, height] of [...WINDOW_SIZES, [683, 325], [320, 256]] as const) {
      await shown.setViewportSize({ width, height })
      const hidden = await shown.evaluate(() => {
        const isSeen = (element: Element): boolean => {
          const { left, top, right, bottom } = element.getBoundingClientRect()
          return left >= 0 && top >= 0 && right > left && right <= innerWidth && bottom <= innerHeight
        }
        const figures = [...document.querySelectorAll('.measures dd, .tools button:not([hidden])')]
        return figures.filter((element) => !isSeen(element)).map(({ id }) => id)
      })
      expect({ width, height, hidden }).toEqual({ width, height, hidden: [] })
    }
  })
})
