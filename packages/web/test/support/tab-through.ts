/// <reference lib="dom" />
import { expect } from '@jest/globals'
import type { Page } from 'playwright-core'

/** More than any page here has. */
const MAX_STEPS = 200

/** Expects that Tab reaches everything that can be clicked or typed into, and shows where it is. */
export async function expectTabReachesAll(page: Page): Promise<void> {
  const wanted = await page.evaluate(() => {
    const controls = [
      ...document.querySelectorAll<HTMLElement>('button, select, input, a[href], [tabindex="0"]'),
    ]
    const usable = controls.filter(
      // Arrows lead to the others of a group.
      (one) => one.checkVisibility() && !one.matches(':disabled, [type="hidden"], [tabindex="-1"]'),
    )
    for (const [index, control] of usable.entries()) control.dataset['tabStop'] = String(index)
    document.body.tabIndex = -1
    document.body.focus()
    return usable.map((control) => control.outerHTML.slice(0, 100))
  })
  const reached = new Set<number>()
  const unmarked: string[] = []
  for (let step = 0; step < MAX_STEPS && reached.size < wanted.length; step++) {
    await page.keyboard.press('Tab')
    const { stop, isMarked } = await page.evaluate(() => {
      const { activeElement } = document
      const style = activeElement && getComputedStyle(activeElement)
      const isMarked = style?.outlineStyle !== 'none' && Number.parseFloat(style?.outlineWidth ?? '0') >= 1
      return { stop: (activeElement as HTMLElement | null)?.dataset['tabStop'], isMarked }
    })
    if (stop === undefined) continue
    reached.add(Number(stop))
    if (!isMarked) unmarked.push(wanted[Number(stop)] ?? '')
  }
  expect({ missed: wanted.filter((_, index) => !reached.has(index)), unmarked }).toEqual({
    missed: [],
    unmarked: [],
  })
}
