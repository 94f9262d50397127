import { type Block, type NumbersBlock, Statistics, wallClock } from '@zcast/shared'
import { Dashboard, type DashboardOptions } from '../../src/dashboard/dashboard.ts'
import type { Sink, SubscriberState } from '@zcast/subscribers'
import type { Page } from 'playwright-core'
import type { TestBrowser } from './browser.ts'
import { paint } from './viewer.ts'

const opened: Dashboard[] = []

/** A subscription of a dashboard. */
export interface Feed {
  readonly sink: Sink
  /** Delivers a block, as a subscriber does; one that says its number comes after others that were lost. */
  readonly deliver: (topic: string, block: Block, epoch?: number) => void
}

/** Opens a dashboard on a free port. */
export async function openDashboard(options: Partial<DashboardOptions> = {}): Promise<Dashboard> {
  const dashboard = new Dashboard({ port: 0, ...options })
  opened.push(dashboard)
  await dashboard.listen()
  return dashboard
}

/** Closes every dashboard that was opened; for `afterEach`. */
export async function closeDashboards(): Promise<void> {
  await Promise.all(opened.splice(0).map((dashboard) => dashboard.close()))
}

/** A subscription of the dashboard, as a subscriber would feed it. */
export async function openFeed(sink: Sink, state: SubscriberState = 'live'): Promise<Feed> {
  const statistics = new Statistics()
  let seq = 0
  await sink.open({ statistics, state: () => state })
  const deliver = (topic: string, block: Block, epoch = 1): void => {
    seq = Math.max(seq, block.seq ?? 0)
    const accounts = statistics.topic(topic)
    accounts.sequence.accept(1, seq, 1)
    accounts.recordSize(block)
    statistics.recordDelivery(accounts, 1, 1, performance.now())
    void sink.write({ topic, epoch, block: { ...block, seq } })
    seq += 1
  }
  return { sink, deliver }
}

/** Opens the page of a dashboard with one subscription; `undefined` where no browser can run. */
export async function openDashboardPage(
  browser: TestBrowser,
): Promise<{ readonly shown: Page; readonly deliver: Feed['deliver'] } | undefined> {
  if (!browser.isHere) return undefined
  const dashboard = await openDashboard()
  const { deliver } = await openFeed(dashboard.feed())
  return { shown: await browser.open(dashboard.address), deliver }
}

/** One array. */
export function numbers(values: readonly number[], time = wallClock()): NumbersBlock {
  return { kind: 'numbers', time, rows: 1, columns: values.length, data: Float64Array.from(values) }
}

/** One red picture. */
export async function video(width = 64, height = 48): Promise<Block> {
  const data = await paint([255, 0, 0], width, height)
  return { kind: 'video', time: wallClock(), width, height, format: 'jpeg', data }
}
