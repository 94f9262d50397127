import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Demand, type Frame } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import { LiveSource } from '../../../../src/sources/live/live-source.ts'
import { ScreenInput } from '../../../../src/sources/live/screen-input.ts'
import { heldAfter } from '@zcast/testing/machine/held-resources'
import { run, testSourceContract } from '@zcast/testing/contracts/source-contract'
import { openScreen, whyNoScreen, type TestScreen } from '@zcast/testing/machine/xvfb'

if (whyNoScreen) console.warn(`screen capture is not tested: ${whyNoScreen}`)
const describeScreen = whyNoScreen ? describe.skip : describe

describeScreen('a screen', () => {
  let screen: TestScreen
  beforeAll(async () => {
    screen = await openScreen(320, 240)
  })
  afterAll(() => screen.close())

  const create = (width?: number): LiveSource =>
    new LiveSource(new ScreenInput(screen.display, { fps: 30, width }), { width })

  testSourceContract('a screen', { kind: 'video', create: () => create() })

  test('shows what is drawn on it, and times it after it was drawn', async () => {
    const blocks = create().blocks(run())
    await blocks.next()
    for (const [rgb, channel] of [
      [0xff0000, 0],
      [0x00ff00, 1],
      [0x0000ff, 2],
    ] as const) {
      await screen.fill(rgb)
      const drawn = Date.now() / 1000
      const frame = await findColour(blocks, channel)
      expect(frame).toMatchObject({ width: 320, height: 240 })
      // The wall clock is read in two ways, a millisecond apart at the most.
      expect(frame.time).toBeGreaterThan(drawn - 0.1)
    }
    await blocks.return(undefined)
  })

  test('is scaled to the width that is asked for', async () => {
    for await (const frame of create(160).blocks(run())) {
      expect(frame).toMatchObject({ width: 160, height: 120 })
      break
    }
  })

  test('starts at the offset that its name gives', async () => {
    const source = new LiveSource(new ScreenInput(`${screen.display}+20,40`))
    for await (const frame of source.blocks(run())) {
      expect(frame).toMatchObject({ width: 300, height: 200 })
      break
    }
  })

  test('is closed after the linger when nobody watches, and opened again for the next', async () => {
    const demand = new Demand([''])
    const controller = new AbortController()
    const source = new LiveSource(new ScreenInput(screen.display), { lingerMs: 0 })
    const held = await heldAfter(async () => {
      const blocks = source.blocks({ signal: controller.signal, demand })
      await blocks.next()
      demand.set('', false)
      const waiting = blocks.next()
      demand.set('', true)
      expect((await waiting).done).toBe(false)
      controller.abort()
      while (!(await blocks.next()).done);
    })
    expect(held).toEqual([])
  })
})

async function findColour(blocks: AsyncIterable<Frame>, channel: number): Promise<Frame> {
  const iterator = blocks[Symbol.asyncIterator]()
  for (;;) {
    const { value } = (await iterator.next()) as { value: Frame }
    const { pixels } = await decodeJpeg(value.data)
    if ([0, 1, 2].every((other) => Math.abs((pixels[other] ?? 0) - (other === channel ? 255 : 0)) < 12)) {
      return value
    }
  }
}
