import { describe, expect, test } from '@jest/globals'
import { type BlockKind, type Envelope, Statistics } from '@zcast/shared'
import type { Sink, SinkContext } from '@zcast/subscribers'

/** The sink under test, for {@link testSinkContract}. */
export interface SinkContract {
  /** Makes a sink that has not been opened yet. */
  readonly create: () => Sink | Promise<Sink>
  /** An envelope that the sink accepts. */
  readonly envelope: (seq: number) => Envelope | Promise<Envelope>
  /** Makes a sink that cannot be opened; omitted when opening cannot fail. */
  readonly createUnopenable?: () => Sink | Promise<Sink>
  /** A kind of block that the sink does not accept; omitted when it accepts all. */
  readonly refuses?: BlockKind
}

/** The promises of {@link Sink}, as tests; each implementation's test calls this once. */
export function testSinkContract(name: string, contract: SinkContract): void {
  const { create, envelope, createUnopenable, refuses } = contract

  describe(`${name} keeps the contract of a sink`, () => {
    test('takes one envelope after the other', async () => {
      const sink = await create()
      await sink.open(sinkContext())
      for (let seq = 0; seq < 3; seq++) await sink.write(await envelope(seq))
      await sink.close()
    })

    test('can be closed without an envelope, and twice', async () => {
      const sink = await create()
      await sink.open(sinkContext())
      await Promise.all([sink.close(), sink.close()])
      await sink.close()
    })

    test('can be closed without having been opened', async () => {
      const sink = await create()
      await sink.close()
    })

    if (createUnopenable) {
      test('fails to open with an ERR_SINK, and can be closed all the same', async () => {
        const sink = await createUnopenable()
        await expect(sink.open(sinkContext())).rejects.toMatchObject({ code: 'ERR_SINK' })
        await sink.close()
      })
    }

    if (refuses) {
      test(`refuses ${refuses} with an ERR_SINK`, async () => {
        const sink = await create()
        await sink.open(sinkContext())
        const write = async (): Promise<void> => sink.write(refuses === 'video' ? PICTURE : ARRAY)
        await expect(write()).rejects.toMatchObject({ code: 'ERR_SINK' })
        await sink.close()
      })
    }
  })
}

/** The context for opening a sink: a subscription that has not received anything yet. */
export function sinkContext(statistics = new Statistics()): SinkContext {
  return { statistics, state: () => 'live' }
}

const ARRAY: Envelope = {
  topic: 'numbers/random',
  epoch: 1,
  block: { kind: 'numbers', seq: 0, time: 0, rows: 1, columns: 1, data: Float64Array.of(1) },
}

const PICTURE: Envelope = {
  topic: 'video/main',
  epoch: 1,
  block: { kind: 'video', seq: 0, time: 0, width: 1, height: 1, format: 'jpeg', data: new Uint8Array(4) },
}
