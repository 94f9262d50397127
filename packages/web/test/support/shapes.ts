/// <reference lib="dom" />
import { expect } from '@jest/globals'
import type { Page } from 'playwright-core'

/** Sizes of pictures: television, phones either way round, squares, cinema, and what hardly fits anywhere. */
export const PICTURE_SIZES = [
  [640, 480],
  [640, 360],
  [360, 640],
  [300, 300],
  [840, 360],
  [3000, 200],
  [200, 3000],
] as const

/** Sizes of windows. */
export const WINDOW_SIZES = [
  [1280, 800],
  [1920, 945],
  [390, 844],
  [844, 390],
  [320, 568],
  [360, 640],
  [1366, 650],
  [3840, 2160],
] as const

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What layout may be off by, in pixels. */
const SLACK = 0.5

/**
 * Expects that a canvas is seen whole, in the shape of its picture, and as large as the element around it lets it be.
 *
 * @param selector - Of the canvas; it is scrolled into sight first.
 * @param around - Of the element that it must not leave.
 */
export async function expectWhole(
  page: Page,
  selector: string,
  around: string,
  [width, height]: readonly [number, number],
): Promise<void> {
  const seen = await page.evaluate(
    ([canvasSelector, aroundSelector]) => {
      const canvas = document.querySelector(canvasSelector) as HTMLCanvasElement
      const holder = canvas.closest(aroundSelector) as HTMLElement
      holder.scrollIntoView({ block: 'center' })
      const read = (element: Element): Box => {
        const { left, top, right, bottom } = element.getBoundingClientRect()
        return { left, top, right, bottom }
      }
      const view = { left: 0, top: 0, right: innerWidth, bottom: innerHeight }
      return { canvas: read(canvas), holder: read(holder), view, pixels: [canvas.width, canvas.height] }
    },
    [selector, around] as const,
  )
  const { canvas, holder, view } = seen
  expect(seen.pixels).toEqual([width, height])
  for (const outer of [holder, view]) {
    expect(canvas.left).toBeGreaterThanOrEqual(outer.left - SLACK)
    expect(canvas.top).toBeGreaterThanOrEqual(outer.top - SLACK)
    expect(canvas.right).toBeLessThanOrEqual(outer.right + SLACK)
    expect(canvas.bottom).toBeLessThanOrEqual(outer.bottom + SLACK)
  }
  const [shownWidth, shownHeight] = [canvas.right - canvas.left, canvas.bottom - canvas.top]
  expect(Math.abs(shownWidth * height - shownHeight * width)).toBeLessThanOrEqual(
    SLACK * Math.max(width, height),
  )
  const [freeWidth, freeHeight] = [
    holder.right - holder.left - shownWidth,
    holder.bottom - holder.top - shownHeight,
  ]
  expect(Math.min(freeWidth, freeHeight)).toBeLessThanOrEqual(2 * SLACK)
}
