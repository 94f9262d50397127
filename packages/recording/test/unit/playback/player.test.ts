import { describe, expect, test } from '@jest/globals'
import { type PlayedBlock, Player, type PlayerOptions } from '../../../src/index.ts'
import { FakeClock, FakeHistory, namesOf, numbersAt, pictureAt } from './fake-history.ts'

const START = 1_000_000

/** Ten values, a tenth of a second apart. */
const TEN = Array.from({ length: 10 }, (_, seq) => numbersAt(START + seq / 10, seq))

interface Playing {
  readonly clock: FakeClock
  readonly player: Player
  /** The next values, as `numbers/a #3`. */
  readonly take: (count: number) => Promise<readonly string[]>
  /** The next value. */
  readonly next: () => Promise<PlayedBlock>
  /** The rest, to the end. */
  readonly rest: () => Promise<readonly string[]>
}

function start(history: FakeHistory, options: PlayerOptions = {}): Playing {
  const clock = new FakeClock()
  const player = new Player(history, { ...options, clock })
  const blocks = playedBy(player)
  const next = async (): Promise<PlayedBlock> => {
    const { value, done } = await blocks.next()
    if (done) throw new Error('it is over')
    return value
  }
  return {
    clock,
    player,
    next,
    take: async (count) => {
      const taken: PlayedBlock[] = []
      while (namesOf(taken).length < count) taken.push(await next())
      return namesOf(taken)
    },
    rest: async () => {
      const taken: PlayedBlock[] = []
      for await (const block of blocks) taken.push(block)
      return namesOf(taken)
    },
  }
}

/** What a player hands over, each once the one before was looked at. */
async function* playedBy(player: Player, signal?: AbortSignal): AsyncGenerator<PlayedBlock> {
  let wake = (): void => {}
  let goOn = (): void => {}
  let isOver = false
  let block: PlayedBlock | undefined
  const running = player.run((played) => {
    block = played
    wake()
    return new Promise((resolve) => (goOn = resolve))
  }, signal)
  const over = running.finally(() => {
    isOver = true
    wake()
  })
  for (;;) {
    if (!block && !isOver) await new Promise<void>((resolve) => (wake = resolve))
    if (!block) return await over
    const played = block
    block = undefined
    yield played
    goOn()
  }
}

function numbers(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, at) => `numbers/a #${first + at}`)
}

describe('the pace', () => {
  test.each([0.25, 1, 8])(
    'at %d times its own, each value is due when it came, to the millisecond',
    async (speed) => {
      const { clock, next } = start(new FakeHistory(TEN), { speed })
      for (const { recordedAt } of TEN) {
        const { dueAt } = await next()
        const dueMs = ((recordedAt - START) / speed) * 1000
        expect(Math.abs(clock.nowMs - dueMs)).toBeLessThanOrEqual(1)
        expect(Math.abs(dueAt - (5_000_000 + dueMs / 1000))).toBeLessThan(1e-5)
      }
    },
  )

  test('does not drift in ten hours, although every timer is late', async () => {
    const hours = Array.from({ length: 36_001 }, (_, seq) => numbersAt(START + seq, seq))
    const { clock, next } = start(new FakeHistory(hours))
    clock.overrunMs = 3.3
    let worstMs = 0
    for (const [seq] of hours.entries()) {
      await next()
      worstMs = Math.max(worstMs, Math.abs(clock.nowMs - seq * 1000))
    }
    expect(worstMs).toBeLessThanOrEqual(4.3)
  })

  test('catches up after a short delay, and goes on from where it is after a long one', async () => {
    const { clock, take } = start(new FakeHistory(TEN))
    await take(1)
    clock.nowMs += 450
    await take(4)
    expect(clock.nowMs).toBe(450)
    clock.nowMs += 60_000
    await take(1)
    expect(clock.nowMs).toBe(60_450)
    await take(1)
    expect(Math.abs(clock.nowMs - 60_550)).toBeLessThanOrEqual(1)
  })

  test('as fast as possible does not wait at all', async () => {
    const { clock, player, rest } = start(new FakeHistory(TEN), { speed: Infinity })
    expect(await rest()).toEqual(numbers(0, 9))
    expect(clock.nowMs).toBe(0)
    expect(player.position).toBe(player.to)
  })

  test('can be changed at any moment', async () => {
    const { clock, player, take } = start(new FakeHistory(TEN))
    await take(3)
    player.setSpeed(2)
    await take(2)
    expect(Math.abs(clock.nowMs - 300)).toBeLessThanOrEqual(1)
    expect(() => player.setSpeed(0)).toThrow('speed must be above 0')
  })
})

describe('rows that may be joined, as fast as possible', () => {
  /** Pictures between them, so that a block of rows goes beyond what comes next. */
  const mixed = TEN.flatMap((row, seq) => [row, pictureAt(START + seq / 10 + 0.05, seq)])
  const names = namesOf(mixed).toSorted()
  const options = { speed: Infinity, joinsRows: true }

  test('come once each, whatever is asked for meanwhile', async () => {
    for (let moment = 0; moment < 10; moment++) {
      const { player, next, rest } = start(new FakeHistory(mixed), options)
      const taken: PlayedBlock[] = []
      for (let count = 0; count < moment; count++) taken.push(await next())
      player.want(['numbers/a'])
      player.want(['numbers/a', 'video/a'])
      player.pause()
      player.setSpeed(2)
      player.resume()
      taken.push(await next())
      player.setSpeed(Infinity)
      const all = [...namesOf(taken), ...(await rest())]
      expect([...new Set(all)].toSorted()).toEqual(names)
      expect(all.filter((name) => name.startsWith('numbers'))).toEqual(numbers(0, 9))
    }
  })

  test('are fewer blocks; with a pace, or step by step, each comes by itself', async () => {
    const blocks = async (given: PlayerOptions): Promise<number> => {
      let count = 0
      await new Player(new FakeHistory(TEN), { ...given, clock: new FakeClock() }).run(
        () => void (count += 1),
      )
      return count
    }
    // The first is read by itself.
    expect(await blocks(options)).toBe(3)
    expect(await blocks({ ...options, joinsRows: false })).toBe(10)
    expect(await blocks({ ...options, speed: 8 })).toBe(10)
    const { player, take } = start(new FakeHistory(TEN), { ...options, isPaused: true })
    player.step()
    expect(await take(1)).toEqual(numbers(0, 0))
    player.step()
    expect(await take(1)).toEqual(numbers(1, 1))
  })
})

test('a part is played from its first moment to its last, both included', async () => {
  const { rest } = start(new FakeHistory(TEN), { from: START + 0.3, to: START + 0.5 })
  expect(await rest()).toEqual(numbers(3, 5))
})

test('a part begins with what was sent only once, before it, unless only the part itself is wanted', async () => {
  const history = new FakeHistory([numbersAt(START, 7, 1, 'numbers/once'), ...TEN])
  const range = { from: START + 0.35, to: START + 0.5 }
  const { take } = start(history, { ...range, loop: true })
  const part = ['numbers/a #3', 'numbers/once #7', 'numbers/a #4', 'numbers/a #5']
  expect(await take(8)).toEqual([...part, ...part])
  expect(await start(history, { ...range, isExact: true }).rest()).toEqual(numbers(4, 5))
})

test('times rise from value to value, also in a loop of a part that is late', async () => {
  const { clock, next } = start(new FakeHistory(TEN), { from: START + 0.35, to: START + 0.5, loop: true })
  const times: number[] = []
  for (let count = 0; count < 9; count++) {
    times.push((await next()).dueAt)
    clock.nowMs += 30
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test('a loop begins again, at the same pace, until it is told to end', async () => {
  const { clock, player, take } = start(new FakeHistory(TEN), { loop: true })
  expect(await take(21)).toEqual([...numbers(0, 9), ...numbers(0, 9), ...numbers(0, 0)])
  expect(player.passes).toBe(3)
  // The last value lasts 20 ms.
  expect(Math.abs(clock.nowMs - 2 * 920)).toBeLessThanOrEqual(1)
})

test('a loop of a single value does not spin', async () => {
  const { clock, take } = start(new FakeHistory(TEN.slice(0, 1)), { loop: true })
  await take(11)
  expect(clock.nowMs).toBeGreaterThanOrEqual(1000)
})

describe('while it is paused', () => {
  test('nothing comes, and it goes on from there', async () => {
    const { clock, player, take } = start(new FakeHistory(TEN))
    await take(3)
    player.pause()
    const later = take(1)
    clock.nowMs += 30_000
    expect(player.position).toBeCloseTo(START + 0.2, 3)
    player.resume()
    expect(await later).toEqual(numbers(3, 3))
    expect(Math.abs(clock.nowMs - 30_300)).toBeLessThanOrEqual(1)
  })

  test('a step is one value where there are no pictures', async () => {
    const { player, take } = start(new FakeHistory(TEN), { isPaused: true })
    player.step()
    expect(await take(1)).toEqual(numbers(0, 0))
    player.step()
    player.step()
    expect(await take(2)).toEqual(numbers(1, 2))
    expect(player.position).toBeCloseTo(START + 0.2, 6)
    expect(player.isPaused).toBe(true)
  })

  test('a step is up to the next picture where there are some', async () => {
    const history = new FakeHistory([...TEN.slice(0, 3), pictureAt(START + 0.25, 7), ...TEN.slice(3)])
    const { player, take } = start(history, { isPaused: true })
    player.step()
    expect(await take(4)).toEqual([...numbers(0, 2), 'video/a #7'])
    expect(player.position).toBe(START + 0.25)
  })

  test('a step that nobody watches moves on all the same', async () => {
    const { player, take } = start(new FakeHistory(TEN), { isPaused: true })
    player.want([])
    const later = take(1)
    player.step()
    player.step()
    while (player.position < START + 0.1) await new Promise(setImmediate)
    player.want(['numbers/a'])
    expect(await later).toEqual(numbers(1, 1))
  })

  test('a seek shows the picture and the numbers of that moment, once', async () => {
    const { player, take } = start(new FakeHistory(TEN), { isPaused: true })
    const later = take(1)
    player.seek(START + 0.55)
    expect(await later).toEqual(numbers(5, 5))
    player.seek(START + 0.4)
    expect(await take(1)).toEqual(numbers(4, 4))
    player.resume()
    expect(await take(2)).toEqual(numbers(5, 6))
  })
})

describe('a seek while it plays', () => {
  test.each([
    ['forward', 0.7, numbers(7, 9)],
    ['back', 0.1, numbers(1, 9)],
    ['behind the end', 99, numbers(9, 9)],
    ['before the beginning', -99, numbers(0, 9)],
  ])('%s goes on at its pace from there', async (_, to, expected) => {
    const { player, take, rest } = start(new FakeHistory(TEN))
    await take(4)
    player.seek(START + to)
    expect(await rest()).toEqual(expected)
  })

  test('ends a wait of an hour', async () => {
    const { player, take, rest } = start(new FakeHistory([numbersAt(START, 0), numbersAt(START + 4000, 1)]))
    await take(1)
    const later = rest()
    player.seek(START + 4000)
    expect(await later).toEqual(numbers(1, 1))
  })
})

describe('what nobody wants', () => {
  const BOTH = TEN.flatMap((block, seq) => [block, pictureAt(block.recordedAt, seq)])

  test('is not read', async () => {
    const history = new FakeHistory(BOTH)
    const { player, rest } = start(history)
    player.want(['numbers/a'])
    expect(await rest()).toEqual(numbers(0, 9))
    expect(history.asked.map(({ topics }) => topics)).toEqual([['numbers/a']])
  })

  test('takes its time to the end, without reading anything', async () => {
    const history = new FakeHistory(BOTH)
    const { clock, player, rest } = start(history)
    player.want([])
    expect(await rest()).toEqual([])
    expect(history.asked).toEqual([])
    expect(player.position).toBe(player.to)
    expect(Math.abs(clock.nowMs - 900)).toBeLessThanOrEqual(1)
  })

  test('begins with its newest value once somebody comes, and nothing else is lost or comes twice', async () => {
    const { player, take, rest } = start(new FakeHistory(BOTH))
    player.want(['numbers/a'])
    await take(4)
    player.want(['numbers/a', 'video/a'])
    expect(await take(1)).toEqual(['video/a #3'])
    expect(await rest()).toEqual(
      [4, 5, 6, 7, 8, 9].flatMap((seq) => [`numbers/a #${seq}`, `video/a #${seq}`]),
    )
  })

  test('may come and go at every value, of many that came at once', async () => {
    const rows = Array.from({ length: 30 }, (_, seq) => numbersAt(START + Math.floor(seq / 10) / 10, seq))
    const { player, next } = start(new FakeHistory([...rows, pictureAt(START + 0.2, 1)]))
    const seen: string[] = []
    for (let at = 0; seen.length < 30; at++) {
      player.want(at % 2 === 0 ? ['numbers/a'] : ['numbers/a', 'video/a'])
      const block = await next()
      seen.push(...namesOf([block]).filter((name) => name.startsWith('numbers')))
    }
    expect(seen).toEqual(numbers(0, 29))
  })

  test('does not make a loop spin', async () => {
    const { player, take } = start(new FakeHistory(TEN), { loop: true, speed: Infinity })
    player.want([])
    const later = take(3)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    expect(player.passes).toBe(1)
    player.want(['numbers/a'])
    expect(await later).toEqual(numbers(0, 2))
  })
})

test('rows of one block that were played are not played again after a change', async () => {
  const { player, take, rest } = start(
    new FakeHistory([numbersAt(START, 0, 3), numbersAt(START, 3, 2), pictureAt(START + 1, 0)]),
  )
  player.want(['numbers/a'])
  await take(3)
  player.want(['numbers/a', 'video/a'])
  expect(await rest()).toEqual([...numbers(3, 4), 'video/a #0'])
})

test('an abort ends it, whatever it waits for', async () => {
  const ended = new AbortController()
  const player = new Player(new FakeHistory(TEN), { isPaused: true, clock: new FakeClock() })
  const next = playedBy(player, ended.signal).next()
  ended.abort()
  expect(await next).toEqual({ done: true, value: undefined })
})
