import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findFfmpeg } from '@zcast/media'
import type { Benchmark, BenchmarkContext, Comparison } from './benchmark.ts'
import { nodeCommand, Program } from './program.ts'
import { compare, type Sample } from './samples.ts'
import { judgeLimit, medianOf } from './verdicts.ts'

const GUESTS = 50
const PAGES = 2
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const NAME = `${GUESTS} guests`

/** Many people in one room. */
export const room: Benchmark = { name: 'room', parts: [together] }

interface GuestsSaw {
  readonly said: number
  readonly missing: number
  readonly toAllMs: readonly number[]
  readonly pictures: number
  /** The times of the oldest and the newest picture that any of them had at a moment. */
  readonly moments: Readonly<Record<string, readonly [number, number]>>
}

interface PagesSaw {
  readonly agesMs: readonly number[]
  readonly moments: readonly Readonly<Record<string, number>>[]
}

async function together(context: BenchmarkContext): Promise<Comparison> {
  const seconds = context.quick ? 15 : 40
  const browser = BROWSERS.find((path) => existsSync(path))
  const pages = browser === undefined ? 0 : PAGES
  await makeFilm(join(context.directory, 'films'), seconds + 60)
  const outcomes = await compare(
    [{ name: NAME, run: () => run(context, seconds, { pages, browser }) }],
    context.quick ? 1 : 2,
  )
  const value = (figure: string): number | undefined => medianOf(outcomes, NAME, figure)
  return {
    title: 'People in one room',
    method:
      `${GUESTS} guests for ${seconds} s, ${pages} of them pages in Chromium, the others the room's protocol in one process. ` +
      'All watch a film of 640x360, 30 pictures a second; each of those without a browser writes every 10 s or so. ' +
      'Chat: from before it is sent until the last of them has it; in pages, until it is on the page. Apart: how far apart ' +
      'the pictures are that all have at one moment, looked at twice a second. Growth: memory in the last quarter against ' +
      'the second one. Idle: of all cores meanwhile; guests and browsers, which have a machine of their own otherwise, are on ' +
      'the same one, the browsers at the lowest priority.',
    outcomes,
    columns: [
      { figure: 'p50', title: 'chat to all p50 ms', digits: 1 },
      { figure: 'p95', title: 'p95 ms', digits: 1 },
      { figure: 'pageP95', title: 'in pages p95 ms', digits: 1 },
      { figure: 'missing', title: 'missing', digits: 0 },
      { figure: 'pictures', title: 'pictures/s', digits: 1 },
      { figure: 'apartP50', title: 'apart p50 ms', digits: 0 },
      { figure: 'apartP95', title: 'p95 ms', digits: 0 },
      { figure: 'cpu', title: 'room, % of a core', digits: 0 },
      { figure: 'rss', title: 'RSS in MiB', digits: 0 },
      { figure: 'growth', title: 'growth in MiB', digits: 1 },
      { figure: 'idle', title: 'idle %', digits: 0 },
    ],
    verdicts: [
      ...judgeLimit({
        what: `${GUESTS} guests, chat to all, p95`,
        value: value('p95'),
        limit: 100,
        unit: 'ms',
      }),
      ...judgeLimit({
        what: `${GUESTS} guests, missing`,
        value: value('missing'),
        limit: 0,
        unit: 'lines of the chat',
        digits: 0,
      }),
      ...judgeLimit({
        what: `${GUESTS} guests, pictures apart, p95`,
        value: value('apartP95'),
        limit: 100,
        unit: 'ms',
        digits: 0,
      }),
      ...judgeLimit({
        what: `${GUESTS} guests, growth of memory`,
        value: value('growth'),
        limit: 16,
        unit: 'MiB',
      }),
    ],
  }
}

async function run(
  { directory }: BenchmarkContext,
  seconds: number,
  { pages, browser }: { readonly pages: number; readonly browser: string | undefined },
): Promise<Sample> {
  const own = ['--folder', join(directory, 'films'), '--data', join(directory, `room-${Date.now()}`)]
  const ports = ['--port', '0', '--bind', 'tcp://127.0.0.1:*']
  const opened = Program.zcast(directory, 'room', ...own, ...ports, '--cache', 'off')
  const [, address = ''] = await opened.says(/watch at (\S+)/)
  const guests = Program.node('room-guests', address, GUESTS - pages, seconds)
  const browsing =
    browser === undefined
      ? undefined
      : Program.launch(['nice', '-n', 19, ...nodeCommand('room-pages', address, browser, pages, seconds)])
  await Promise.all([guests.says(/^ready/), browsing?.says(/^ready/)])
  const cpuBefore = opened.cpuMs()
  const idleBefore = readIdle()
  const memory: number[] = []
  const ending = new AbortController()
  const watching = (async () => {
    while (!ending.signal.aborted) {
      memory.push(opened.rssMiB())
      await delay(500)
    }
  })()
  const startedMs = performance.now()
  const [saw, pagesSaw] = await Promise.all([guests.result<GuestsSaw>(), browsing?.result<PagesSaw>()])
  const passedMs = performance.now() - startedMs
  const cpu = ((opened.cpuMs() - cpuBefore) / passedMs) * 100
  const idle = readIdle()
  ending.abort()
  await watching
  await opened.stop()
  const apart = apartMs(saw, pagesSaw)
  const quarter = Math.floor(memory.length / 4)
  const inPages = pagesSaw && pagesSaw.agesMs.length > 0 ? { pageP95: quantile(pagesSaw.agesMs, 0.95) } : {}
  return {
    p50: quantile(saw.toAllMs, 0.5),
    p95: quantile(saw.toAllMs, 0.95),
    ...inPages,
    missing: saw.missing,
    pictures: saw.pictures,
    apartP50: quantile(apart, 0.5),
    apartP95: quantile(apart, 0.95),
    cpu,
    rss: quantile(memory, 0.5),
    growth: Math.min(...memory.slice(-quarter)) - Math.min(...memory.slice(quarter, 2 * quarter)),
    idle: ((idle.idle - idleBefore.idle) / (idle.all - idleBefore.all)) * 100,
  }
}

/** How far apart the pictures are that all of them have at a moment. */
function apartMs(guests: GuestsSaw, pages: PagesSaw | undefined): number[] {
  return Object.entries(guests.moments).flatMap(([moment, [least, most]]) => {
    const inPages = (pages?.moments ?? []).flatMap((moments) => moments[moment] || [])
    if (pages && inPages.length < pages.moments.length) return []
    return (Math.max(most, ...inPages) - Math.min(least, ...inPages)) * 1000
  })
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** What all cores together have done since the machine was started, in ticks. */
function readIdle(): { readonly idle: number; readonly all: number } {
  const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/).map(Number)
  return {
    idle: (ticks[3] ?? 0) + (ticks[4] ?? 0),
    all: ticks.slice(0, 8).reduce((sum, one) => sum + one, 0),
  }
}

async function makeFilm(folder: string, seconds: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { path } = await findFfmpeg()
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30', '-t', String(seconds)]
  const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '60']
  execFileSync(path, ['-v', 'error', '-y', ...input, ...encoding, join(folder, 'film.mp4')], {
    stdio: 'ignore',
  })
}
