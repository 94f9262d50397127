/// <reference lib="dom" />
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect } from '@jest/globals'
import type { Page } from 'playwright-core'
import type axe from 'axe-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A phone, and a computer. */
const SIZES = [
  { width: 320, height: 568 },
  { width: 1366, height: 650 },
]

/** Expects that axe finds nothing to complain of on a page as it is now, light and dark, wide and narrow. */
export async function expectAccessible(page: Page): Promise<void> {
  // Contrast is measured where colours have settled.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.evaluate(SOURCE)
  const found = new Set<string>()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const size of SIZES) {
      await page.setViewportSize(size)
      // What is wrong but for colours is wrong in the dark too, and was found by light.
      const only = colorScheme === 'dark' ? ['color-contrast'] : undefined
      for (const fault of await findFaults(page, only))
        found.add(`${colorScheme}, ${size.width} wide: ${fault}`)
    }
  }
  expect([...found]).toEqual([])
}

/** @param only - Rules to look at. Default all. */
async function findFaults(page: Page, only?: string[]): Promise<string[]> {
  return page.evaluate(async (rules) => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({
      resultTypes: ['violations'],
      ...(rules && { runOnly: rules }),
    })
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${impact} ${id} at ${target.join(' ')}: ${failureSummary}`),
    )
  }, only)
}
