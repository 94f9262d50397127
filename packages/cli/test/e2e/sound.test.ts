import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { decodeJpeg, findFfmpeg } from '@zcast/media'
import { fakeFfplay, ffplayNotes } from '@zcast/testing/machine/fake-ffplay'
import { ffmpeg } from '../support/clips.ts'
import { HAS_PROC, treeOf } from '../support/process-tree.ts'
import type { Program } from '../support/program.ts'
import { refusal } from '../support/refusal.ts'
import { findPython } from '@zcast/testing/machine/python'
import { PROJECT, publishedAt, SUMMARY, useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const PYTHON = findPython('zmq, msgpack')
const NUMPY = findPython('zmq, msgpack, numpy')
const testWithPython = PYTHON.path === undefined ? test.skip : test
const testWithNumpy = NUMPY.path === undefined ? test.skip : test

function publish(...args: (string | number)[]): Program {
  return bench.start(['publish', ...args, '--audio-port', '0'])
}

/** Runs a listener that shows nothing. */
function listen(number: number, endpoint: string, ...args: (string | number)[]): Program {
  return bench.start(['listener', number, '--connect', endpoint, '--show', 'none', ...args])
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size
}

interface Wav {
  readonly rate: number
  readonly seconds: number
  /** By its zero crossings. */
  readonly hertz: number
}

async function readWav(path: string): Promise<Wav> {
  const bytes = await readFile(path)
  const [rate, channels] = [bytes.readUInt32LE(24), bytes.readUInt16LE(22)]
  const count = bytes.readUInt32LE(40) / 2 / channels
  const samples = Array.from({ length: count }, (_, n) => bytes.readInt16LE(44 + n * 2 * channels))
  // A busy machine leaves pieces out, which are saved as silence.
  const sounding = samples.filter((sample, n) => sample !== 0 || samples[n - 1] !== 0).length
  const rises = samples.filter((sample, n) => n > 0 && sample >= 0 && (samples[n - 1] as number) < 0).length
  return { rate, seconds: sounding / rate, hertz: rises / (sounding / rate) }
}

/** A clip of 2.2 s whose picture is white, and whose sound beeps, from 0.5 to 0.6 s and from 1.5 to 1.6 s. */
async function flashAndBeep(): Promise<string> {
  const path = bench.path('clip.mp4')
  const picture = "nullsrc=s=64x48:r=30,geq=lum='if(between(mod(T,1),0.499,0.599),235,16)':cb=128:cr=128"
  const sound = "aevalsrc='if(between(mod(t,1),0.5,0.6),0.5*sin(2*PI*1000*t),0)':s=48000"
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-t', '2.2']
  await ffmpeg(...inputs, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path)
  return path
}

describe('zcast publish audio and zcast listener', () => {
  test('send a tone that is saved at its pitch and in its length', async () => {
    const endpoint = await publishedAt(publish('audio', 'tone:880'), 'audio/main')
    const path = bench.path('tone.wav')
    const { status, stdout, stderr } = await listen(1, endpoint, '--save', path, '--messages', 100).ended
    expect({ status, stdout }).toEqual({ status: 0, stdout: [] })
    expect(stderr.at(-1)).toMatch(SUMMARY)
    expect(stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped 0, invalid 0/)
    const { rate, seconds, hertz } = await readWav(path)
    expect(rate).toBe(48_000)
    expect(seconds).toBeCloseTo(2, 2)
    expect(Math.abs(hertz - 880)).toBeLessThan(2)
  })

  test('send a tone as Opus, which is decoded to the same pitch', async () => {
    const endpoint = await publishedAt(publish('audio', 'tone:880', '--audio-format', 'opus'), 'audio/main')
    const path = bench.path('opus.wav')
    const { status, stderr } = await listen(1, endpoint, '--save', path, '--messages', 100).ended
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped 0, invalid 0/)
    const { rate, seconds, hertz } = await readWav(path)
    expect(rate).toBe(48_000)
    expect(seconds).toBeCloseTo(2, 1)
    // What the encoder puts before the first sample is noise around zero, and so is what it puts beside a piece that a busy
    // machine leaves out.
    expect(Math.abs(hertz - 880)).toBeLessThan(60)
  })

  test('tell a program how loud it is', async () => {
    const endpoint = await publishedAt(publish('audio', 'tone'), 'audio/main')
    const listener = bench.start(['listener', 1, '--connect', endpoint, '--json'])
    const [line] = await listener.stdout.find(/^\{"type":"level".*/)
    expect(JSON.parse(line)).toEqual({
      type: 'level',
      topic: 'audio/main',
      rms: expect.closeTo(0.1768, 2),
      peak: expect.closeTo(0.25, 2),
      lost: 0,
    })
    expect((await listener.stop()).status).toBe(0)
  })

  test('play through ffplay, and say what is missing where there is none', async () => {
    const endpoint = await publishedAt(publish('audio', 'tone'), 'audio/main')
    const folder = await fakeFfplay(bench.folder, 'play')
    const listener = bench.start(['listener', 1, '--connect', endpoint], {
      env: { ...process.env, PATH: folder },
    })
    while ((await sizeOf(join(folder, 'input'))) < 20_000) await pause(50)
    expect((await listener.stop()).status).toBe(0)
    const { input } = await ffplayNotes(folder)
    expect(input.toString('latin1', 0, 4)).toBe('RIFF')
    const without = await bench.run(['listener', 1, '--connect', endpoint], {
      env: { ...process.env, PATH: '/nowhere' },
    })
    expect(without.status).toBe(1)
    expect(without.stderr.at(-1)).toMatch(/^zcast: the speakers need ffplay, which is not installed/)
  })

  test('of two streams one is played, and it is said that the other is not', async () => {
    const endpoints = await Promise.all(
      ['a', 'b'].map((stream) =>
        publishedAt(publish('audio', 'tone', '--stream', stream), `audio/${stream}`),
      ),
    )
    const folder = await fakeFfplay(bench.folder, 'play')
    const [first = '', second = ''] = endpoints
    const both = ['--connect', first, '--connect', second, '--topic', 'audio/']
    const listener = bench.start(['listener', 1, ...both], { env: { ...process.env, PATH: folder } })
    await listener.stderr.find(/audio\/[ab] is not played: the speakers play one stream, chosen by --topic/)
    expect((await listener.stop()).status).toBe(0)
  })

  test('a listener that stands still costs the others nothing, and hears what is new when it goes on', async () => {
    const endpoint = await publishedAt(publish('audio', 'tone'), 'audio/main')
    const folder = await fakeFfplay(bench.folder, 'hang')
    const stuck = bench.start(['listener', 1, '--connect', endpoint, '--messages', 5000], {
      env: { ...process.env, PATH: folder },
    })
    await stuck.stderr.find(/connected/)
    const { status, stderr } = await listen(2, endpoint, '--messages', 150).ended
    expect(status).toBe(0)
    expect(stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped 0/)
    const ending = await stuck.stop()
    expect(ending.status).toBe(0)
    expect(ending.stderr.at(-1)).toMatch(/^received \d+, lost 0, skipped [1-9]/)
  })

  test('send what is piped in, bare with a rate or in any format that is known', async () => {
    const path = bench.path('sine.wav')
    await ffmpeg('-f', 'lavfi', '-i', 'sine=500:r=16000', '-t', '3', path)
    const file = await readFile(path)
    for (const [options, input] of [
      [['--rate', 16_000, '--channels', 1], file.subarray(file.indexOf('data') + 8)],
      [[], file],
    ] as const) {
      const publisher = publish('audio', '-', ...options, '--wait-for', 1)
      const [, endpoint = ''] = await publisher.stderr.find(/publishing audio\/main on (\S+), once/)
      publisher.write(input)
      publisher.endInput()
      const saved = bench.path(`saved-${options.length}.wav`)
      const { status } = await listen(1, endpoint, '--save', saved, '--messages', 100).ended
      expect(status).toBe(0)
      const { seconds, hertz } = await readWav(saved)
      expect(seconds).toBeCloseTo(2, 2)
      expect(Math.abs(hertz - 500)).toBeLessThan(3)
      await publisher.stop()
    }
  })

  test('refuse what is no sound, and what they cannot do', async () => {
    const path = bench.path('silent.mp4')
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=64x48:r=10', '-frames:v', '5', path)
    const saved = bench.path('saved.wav')
    await writeFile(saved, 'kept')
    const { status, stderr } = await bench.run(['publish', 'audio', path])
    expect(status).toBe(1)
    expect(stderr.at(-1)).toMatch(/there is no sound in ".*": give a file that has some$/)
    for (const [args, sentence] of [
      [['publish', 'audio', 'rtsp://x/y'], /sound comes from a file, tone, mic or -/],
      [['publish', 'audio', 'tone', '--rate', '10'], /rate must be a whole number from 1000 to 384000/],
      [
        ['publish', 'audio', 'tone', '--audio-format', 'opus', '--rate', '44100'],
        /rate must be one of 8000, .* with --audio-format opus, got 44100/,
      ],
      [
        ['publish', 'audio', 'tone', '--audio-bind', 'tcp://127.0.0.1:1'],
        /audio-bind is for the sound beside video/,
      ],
      [['publish', 'audio', 'tone', '--no-audio'], /no-audio leaves out the sound of video/],
      [
        ['publish', 'video', 'pattern', '--audio-bind', 'tcp://127.0.0.1:1'],
        /audio-bind is for .*none is sent here/,
      ],
      [['listener', '1', '--save', saved], /saved\.wav exists already: choose another name/],
      [['viewer', '1', '--record', saved], /saved\.wav exists already: choose another name/],
      [['listener'], /name a listener by its number/],
      [['listener', '1', '--save', 'x.mp3'], /sound is saved as .wav/],
      [['listener', '1', '--topic', 'video/main'], /topic must begin with audio\//],
    ] as const) {
      expect({ args, said: await refusal(args) }).toEqual({ args, said: expect.stringMatching(sentence) })
    }
  })

  const testWithShell = process.platform === 'win32' ? test.skip : test
  testWithShell('open a microphone that ends at once again after a while, and say so', async () => {
    const { path } = await findFfmpeg()
    const script = [
      '#!/bin/sh',
      'case "$*" in',
      `  *"-f alsa"*|*"-f pulse"*) echo opened >>"${bench.path('opened')}";;`,
      `  *) exec ${path} "$@";;`,
      'esac',
    ]
    await writeFile(bench.path('ffmpeg'), script.join('\n'), { mode: 0o755 })
    const publisher = bench.start(['publish', 'audio', 'mic', '--audio-port', '0'], {
      env: { ...process.env, PATH: bench.folder },
    })
    listen(1, await publishedAt(publisher, 'audio/main'))
    await publisher.stderr.find(/error: "mic" has ended; trying again in 1 s$/)
    while ((await sizeOf(bench.path('opened'))) < 'opened\n'.length * 2) await pause(50)
    expect((await publisher.stop()).status).toBe(0)
    expect((await sizeOf(bench.path('opened'))) / 'opened\n'.length).toBeLessThan(5)
  })

  testWithNumpy(
    'are read by the ten lines of Python in the documentation, which find the pitch',
    async () => {
      const endpoint = await publishedAt(publish('audio', 'tone:660', '--channels', 2), 'audio/main')
      const listener = bench.launch(NUMPY.path as string, [
        join(PROJECT, 'examples', 'python', 'listener.py'),
        endpoint,
      ])
      await listener.stdout.find(/^audio\/main 660 Hz$/)
      await listener.stop('SIGKILL')
    },
  )
})

describe('the sound of a clip', () => {
  const ways = [
    ['the ffmpeg of the system', () => process.env['PATH'] ?? ''],
    ['the ffmpeg that npm installs', () => bench.folder],
  ] as const

  testWithPython.each(ways)('is in step with its pictures through loops, with %s', async (_, path) => {
    const clip = await flashAndBeep()
    const publisher = bench.start(['publish', 'video', clip, '--video-port', 0, '--audio-port', 0], {
      env: { ...process.env, PATH: path() },
    })
    const endpoints = [await publishedAt(publisher, 'video/main'), await publishedAt(publisher, 'audio/main')]
    const script = fileURLToPath(new URL('../fixtures/flash_and_beep.py', import.meta.url))
    const reader = bench.launch(PYTHON.path as string, [script, ...endpoints])
    const beeps = (): number => reader.stdout.all.filter((line) => line.startsWith('{"beep"')).length
    for (let lines = 100; beeps() < 10; lines += 20) await reader.stdout.atLeast(lines)
    await publisher.stop()
    await reader.stop('SIGKILL')
    const { flashes, heard, gaps } = await readShow(reader.stdout.all)
    const [from = 0, to = 0] = [heard[0], heard.at(-1)]
    const both = flashes.filter((time) => time > from - 0.5 && time < to + 0.5)
    expect(both.length).toBeGreaterThanOrEqual(5)
    const offs = both.map((flash) => Math.min(...heard.map((beep) => Math.abs(beep - flash))))
    // A picture lasts 33 ms, and begins when its sound does; on a busy machine a flash may begin with its second one.
    expect(medianOf(offs)).toBeLessThan(0.04)
    expect(Math.max(...offs)).toBeLessThan(0.15)
    for (const gap of gaps) expect(Math.abs(gap)).toBeLessThan(0.001)
  })

  test('is left out with --no-audio, and not missed in a clip that has none', async () => {
    const clip = await flashAndBeep()
    const silent = bench.path('silent.mp4')
    await ffmpeg('-i', clip, '-an', '-c:v', 'copy', silent)
    for (const args of [[clip, '--no-audio'], [silent]]) {
      const { status, stderr } = await bench.run([
        'publish',
        'video',
        ...args,
        '--video-port',
        0,
        '--for',
        '200ms',
      ])
      expect(status).toBe(0)
      expect(stderr.filter((line) => line.includes('audio'))).toEqual([])
    }
  })

  test('takes a free port where its own is in use, and ends with its pictures', async () => {
    const clip = await flashAndBeep()
    const taken = createServer()
    await new Promise<void>((resolve) => {
      taken.once('error', () => resolve())
      taken.listen({ port: 5558, host: '127.0.0.1' }, resolve)
    })
    try {
      const options = ['--video-port', 0, '--no-loop', '--always']
      const { status, stderr } = await bench.run(['publish', 'video', clip, ...options])
      expect(status).toBe(0)
      expect(stderr).toContainEqual(
        expect.stringMatching(/tcp:\/\/127\.0\.0\.1:5558 is taken: audio gets a free port$/),
      )
      expect(stderr).toContainEqual(
        expect.stringMatching(/publishing audio\/main on tcp:\/\/127\.0\.0\.1:(?!5558)\d+$/),
      )
      expect(stderr).toContainEqual(expect.stringMatching(/^video\/main: sent 66, dropped 0/))
    } finally {
      await new Promise((resolve) => taken.close(resolve))
    }
  })

  ;(HAS_PROC ? test : test.skip)('is not decoded while nobody listens', async () => {
    const clip = await flashAndBeep()
    const publisher = publish('video', clip, '--video-port', 0, '--linger', '100ms')
    const endpoint = await publishedAt(publisher, 'audio/main')
    const decoders = (): number =>
      treeOf(publisher.pid).filter(({ name }) => name.startsWith('ffmpeg')).length
    expect(decoders()).toBe(0)
    const listener = bench.start(['listener', 1, '--connect', endpoint, '--json'])
    await listener.stdout.find(/"type":"level"/)
    // A clip as short as this is read to its end long before it has been played: until the next pass there is none.
    while (decoders() === 0) await pause(10)
    await listener.stop()
    while (decoders() > 0) await pause(50)
    expect((await publisher.stop()).status).toBe(0)
  })
})

interface Show {
  /** When the picture became white. */
  readonly flashes: readonly number[]
  readonly heard: readonly number[]
  /** Seconds between the end of a piece of sound and the next. */
  readonly gaps: readonly number[]
}

async function readShow(lines: readonly string[]): Promise<Show> {
  const [flashes, heard, gaps]: [number[], number[], number[]] = [[], [], []]
  let wasWhite = true
  let end: number | undefined
  for (const line of lines) {
    const said = JSON.parse(line) as { time: number; picture?: string; beep?: number; end?: number }
    if (said.beep !== undefined) heard.push(said.beep)
    else if (said.picture === undefined) {
      if (end !== undefined) gaps.push(said.time - end)
      end = said.end
    } else {
      const { pixels } = await decodeJpeg(Buffer.from(said.picture, 'base64'))
      const isWhite = (pixels[0] as number) > 128
      if (isWhite && !wasWhite) flashes.push(said.time)
      wasWhite = isWhite
    }
  }
  return { flashes, heard, gaps }
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

describe('a recording of zcast viewer', () => {
  /** @returns What ffmpeg says a file holds, and when its picture ceases to be black and its sound to be silent. */
  async function readRecording(path: string): Promise<{ flashes: number[]; beeps: number[]; said: string }> {
    const filters = ['-vf', 'blackdetect=d=0.2:pix_th=0.5', '-af', 'silencedetect=n=-20dB:d=0.2']
    const { path: program } = await findFfmpeg()
    const args = ['-hide_banner', '-nostats', '-i', path, ...filters, '-f', 'null', '-']
    const { stderr: said } = await promisify(execFile)(program, args)
    const timesOf = (mark: RegExp): number[] => [...said.matchAll(mark)].map(([, time]) => Number(time))
    return { flashes: timesOf(/black_end: ?([\d.]+)/g), beeps: timesOf(/silence_end: ?([\d.]+)/g), said }
  }

  test.each(['mp4', 'mkv'])(
    'has the sound of the stream in step with its pictures, as %s',
    async (format) => {
      const publisher = publish('video', await flashAndBeep(), '--video-port', 0)
      const video = await publishedAt(publisher, 'video/main')
      const audio = await publishedAt(publisher, 'audio/main')
      const path = bench.path(`recording.${format}`)
      const options = ['--connect', video, '--audio', audio, '--record', path, '--messages', 120]
      const { status, stderr } = await bench.run(['viewer', 1, '--show', 'none', ...options])
      const warnings = stderr.filter((line) => line.includes('warning') && !/the network carries/.test(line))
      expect({ status, warnings }).toEqual({
        status: 0,
        warnings: [],
      })
      const { flashes, beeps, said } = await readRecording(path)
      expect(said).toMatch(format === 'mp4' ? /Audio: aac/ : /Audio: pcm_s16le/)
      // The last one may be the end of the file.
      const offs = beeps
        .slice(0, -1)
        .map((beep) => Math.min(...flashes.map((flash) => Math.abs(flash - beep))))
      expect(offs.length).toBeGreaterThanOrEqual(2)
      // On a busy machine a flash may begin with a later picture: the beep is in step with one that is whole.
      expect(Math.min(...offs)).toBeLessThan(0.04)
      expect(Math.max(...offs)).toBeLessThan(0.15)
    },
  )

  test('has no track of sound with --no-audio, nor where there is no publisher of any', async () => {
    const publisher = publish('video', await flashAndBeep(), '--video-port', 0)
    const video = await publishedAt(publisher, 'video/main')
    for (const options of [['--no-audio'], []]) {
      const path = bench.path(`silent-${options.length}.mp4`)
      const args = ['viewer', 1, '--show', 'none', '--connect', video, '--record', path, '--messages', 10]
      const { status } = await bench.run([...args, ...options])
      expect(status).toBe(0)
      expect((await readRecording(path)).said).not.toMatch(/Audio:/)
    }
  })

  test.each([
    [['--audio', 'tcp://x:1'], /^zcast: audio and no-audio apply to the web page and to --record only/],
    [['--no-audio'], /^zcast: audio and no-audio apply to the web page and to --record only/],
    [['--record', 'x.mp4', '--no-audio', '--audio', 'tcp://x:1'], /^zcast: give either audio or no-audio/],
  ])('is refused with %j', async (options, sentence) => {
    const { status, stderr } = await bench.run(['viewer', 1, '--show', 'none', ...options])
    expect({ status, said: stderr.at(-1) }).toEqual({ status: 2, said: expect.stringMatching(sentence) })
  })
})

test('a program that uses sound alone does not load sharp', async () => {
  const code = (...names: readonly string[]): string =>
    `${names.map((name) => `await import('${name}')`).join('\n')}
    console.log(process.report.getReport().sharedObjects.filter((name) => /sharp/.test(name)).length > 0)`
  const load = async (...names: readonly string[]): Promise<string> => {
    const args = ['--input-type=module', '--eval', code(...names)]
    return (await promisify(execFile)(process.execPath, args, { cwd: PROJECT })).stdout.trim()
  }
  expect(await load('@zcast/publisher/audio', '@zcast/subscribers/audio', '@zcast/media/audio')).toBe('false')
  expect(await load('@zcast/media')).toBe('true')
})

test('a file that is saved plays after SIGKILL', async () => {
  const endpoint = await publishedAt(publish('audio', 'tone'), 'audio/main')
  const path = bench.path('killed.wav')
  const listener = listen(1, endpoint, '--save', path)
  await listener.stderr.find(/connected/)
  while ((await sizeOf(path)) < 100_000) await pause(50)
  await listener.stop('SIGKILL')
  const bytes = await readFile(path)
  expect(bytes.readUInt32LE(40)).toBeGreaterThan(90_000)
  expect(bytes.byteLength - 44 - bytes.readUInt32LE(40)).toBeLessThan(48_000)
  expect((await readWav(path)).hertz).toBeCloseTo(440, -1)
})
