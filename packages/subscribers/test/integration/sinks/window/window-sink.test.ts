import { describe, expect, test } from '@jest/globals'
import type { SinkError } from '@zcast/shared'
import { WindowSink } from '../../../../src/sinks/window-sink.ts'
import { fakeFfplay, ffplayNotes, type FfplayBehaviour } from '@zcast/testing/machine/fake-ffplay'
import { pictureEnvelope } from '@zcast/testing/pictures/plain-picture'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const folder = useTemporaryFolder()
// More than a pipe holds: it is taken only by a program that reads.
const LARGE = pictureEnvelope({ data: new Uint8Array(2_000_000), width: 640, height: 360 })
const SMALL = pictureEnvelope({ data: Buffer.from('a picture'), width: 640, height: 360 })

async function open(
  behaviour: FfplayBehaviour,
): Promise<{ sink: WindowSink; quit: Promise<SinkError | undefined> }> {
  const environment = { PATH: await fakeFfplay(folder(), behaviour), DISPLAY: ':9' }
  let sink: WindowSink | undefined
  const quit = new Promise<SinkError | undefined>((resolve) => {
    sink = new WindowSink({ title: 'Client 1', environment, onQuit: resolve })
  })
  await sink?.open()
  return { sink: sink as WindowSink, quit }
}

describe('a window', () => {
  test('is given pictures one after the other, the first one twice, and its title', async () => {
    const { sink } = await open('play')
    await sink.write(LARGE)
    await sink.write(SMALL)
    // Taken by the program, not only by the pipe.
    await sink.write(LARGE)
    await sink.close()
    const { arguments: args, input } = await ffplayNotes(folder())
    expect(args.slice(args.indexOf('-window_title'), args.indexOf('-window_title') + 2)).toEqual([
      '-window_title',
      'Client 1',
    ])
    expect(args.slice(-4)).toEqual(['-f', 'mpjpeg', '-i', 'pipe:0'])
    expect(args).toEqual(expect.arrayContaining(['-use_wallclock_as_timestamps', '-autoexit', '-framedrop']))
    const lengths = input.toString('latin1').match(/Content-length: \d+/g)
    expect(lengths?.slice(0, 3)).toEqual([
      'Content-length: 2000000',
      'Content-length: 2000000',
      'Content-length: 9',
    ])
    expect(input.includes('Content-length: 9\r\n\r\na picture\r\n--ffmpeg\r\n')).toBe(true)
  })

  test('closed by a person tells so, and takes what comes after without an error', async () => {
    const { sink, quit } = await open('close')
    await sink.write(LARGE)
    expect(await quit).toBeUndefined()
    await sink.write(LARGE)
    await sink.close()
  })

  test('that fails says why, when it happens and to the next picture', async () => {
    const { sink, quit } = await open('fail')
    const failure = { code: 'ERR_SINK', message: expect.stringContaining('Could not initialize SDL') }
    expect(await quit).toMatchObject(failure)
    await expect(sink.write(SMALL)).rejects.toMatchObject(failure)
    await sink.close()
  })

  test('that does not read holds pictures back, and is ended by close all the same', async () => {
    const { sink } = await open('hang')
    let taken = false
    const writing = sink.write(LARGE).then(() => (taken = true))
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(taken).toBe(false)
    await Promise.all([sink.close(), sink.close()])
    await writing
  })

  test('tells nobody when it was closed by us', async () => {
    const { sink, quit } = await open('play')
    let told = false
    void quit.then(() => (told = true))
    await sink.write(LARGE)
    await sink.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect(told).toBe(false)
  })

  test('ignores numbers', async () => {
    const { sink } = await open('play')
    const block = { kind: 'numbers', time: 0, rows: 1, columns: 1, data: new Float64Array(1) } as const
    await sink.write({ topic: 'numbers/random', block })
    await sink.close()
  })

  test.each([
    ['ffplay', { DISPLAY: ':9', PATH: 'relative' }, /install ffmpeg with ffplay .* or choose --show web$/],
    ['a display', { PATH: '' }, /no display to open a window on .* choose --show web or --show terminal$/],
  ])('without %s is refused with one sentence', async (what, environment, sentence) => {
    // Windows and macOS have a display without a variable that names it.
    if (what === 'a display' && process.platform !== 'linux') return
    const sink = new WindowSink({ title: 'Client 1', environment, onQuit: () => {} })
    await expect(sink.open()).rejects.toMatchObject({
      code: 'ERR_SINK',
      message: expect.stringMatching(sentence),
    })
    await sink.close()
  })
})
