import { describe, expect, test } from '@jest/globals'
import { type Block, type BlockKind, Demand, valueCount } from '@zcast/shared'
import { heldAfter } from '../machine/held-resources.ts'
import type { Source } from '@zcast/publisher'

/** The source under test, for {@link testSourceContract}. */
export interface SourceContract {
  readonly kind: BlockKind
  /**
   * Makes a source that has not been run yet. It should have at least 5 blocks to give, and not wait long between them.
   */
  readonly create: () => Source | Promise<Source>
  /** Seconds from each value to the next; omitted when the source has no pace of its own. */
  readonly intervalSeconds?: number
}

/** The promises of {@link Source}, as tests; each implementation's test calls this once. */
export function testSourceContract(name: string, contract: SourceContract): void {
  describe(`${name} keeps the contract of a source`, () => {
    test('yields blocks of its kind, whose times increase by the interval', async () => {
      const source = await contract.create()
      expect(source.kind).toBe(contract.kind)
      expect(source.expectedBytes).toBeGreaterThan(0)
      const blocks = await take(source, 5)
      expect(blocks).toHaveLength(5)
      for (const [i, block] of blocks.entries()) {
        expect(block.kind).toBe(contract.kind)
        const next = blocks[i + 1]
        if (!next) continue
        expect(next.time).toBeGreaterThanOrEqual(block.time)
        if (contract.intervalSeconds === undefined) continue
        // On a busy machine values may be late, and then times are left out; a value is never early.
        expect(next.time - block.time).toBeGreaterThan(contract.intervalSeconds * valueCount(block) - 0.0001)
      }
    })

    test('frees everything when its reader leaves the loop', async () => {
      const source = await contract.create()
      const held = await heldAfter(async () => {
        for await (const block of source.blocks(run())) if (block) break
      })
      expect(held).toEqual([])
    })

    test('ends and frees everything when it is aborted between two blocks', async () => {
      const source = await contract.create()
      const controller = new AbortController()
      let count = 0
      const held = await heldAfter(async () => {
        for await (const _ of source.blocks(run(controller.signal))) if (++count === 2) controller.abort()
      })
      expect(count).toBe(2)
      expect(held).toEqual([])
    })

    test('ends and frees everything when it is aborted while a block is waited for', async () => {
      const source = await contract.create()
      const controller = new AbortController()
      const held = await heldAfter(async () => {
        const blocks = source.blocks(run(controller.signal))[Symbol.asyncIterator]()
        await blocks.next()
        const waiting = blocks.next()
        controller.abort()
        if ((await waiting).done !== true) expect((await blocks.next()).done).toBe(true)
      })
      expect(held).toEqual([])
    })

    test('yields nothing when it was aborted before it began', async () => {
      const source = await contract.create()
      const held = await heldAfter(async () => {
        const blocks = source.blocks(run(AbortSignal.abort()))[Symbol.asyncIterator]()
        expect((await blocks.next()).done).toBe(true)
      })
      expect(held).toEqual([])
    })

    test('does nothing more after its end', async () => {
      const source = await contract.create()
      const controller = new AbortController()
      const blocks = source.blocks(run(controller.signal))[Symbol.asyncIterator]()
      await blocks.next()
      controller.abort()
      while ((await blocks.next()).done !== true);
      const held = await heldAfter(async () => {
        expect(await blocks.next()).toEqual({ done: true, value: undefined })
      })
      expect(held).toEqual([])
    })

    test('can be run once', async () => {
      const source = await contract.create()
      await take(source, 1)
      const again = source.blocks(run())[Symbol.asyncIterator]()
      await expect(again.next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    })
  })
}

/** The parameters for running a source that somebody watches in its own size. */
export function run(signal: AbortSignal = new AbortController().signal): {
  signal: AbortSignal
  demand: Demand
} {
  return { signal, demand: new Demand(['']) }
}

/** The first blocks of a source, at most `count`. */
export async function take(source: Source, count: number): Promise<Block[]> {
  const blocks: Block[] = []
  for await (const block of source.blocks(run())) if (blocks.push(block) === count) break
  return blocks
}
