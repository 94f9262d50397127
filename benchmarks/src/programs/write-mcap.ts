import { spawnSync } from 'node:child_process'
import { open, rm } from 'node:fs/promises'
import { McapWriter } from '@mcap/core'
import { Recorder } from '@zcast/recording'

// The same pictures and arrays written by zcast or by the library's own writer, which gets them encoded already, does not
// wait for the disk and does not compress; or a copy of the file by cat. Says how much of a second of content it writes in a millisecond of CPU.
const [writer = 'zcast', path = '', seconds = '10'] = process.argv.slice(2)
const PICTURES = 120
const ARRAYS = 10_000
const ROWS = 10
const picture = new Uint8Array(150_000).map((_, index) => (index * 7919) % 251)
const names = ['ax', 'ay', 'az', 'gx', 'gy', 'gz']
const ARRAY_BYTES = 130

async function zcast(): Promise<void> {
  const recorder = new Recorder({ path })
  await recorder.open()
  let seq = 0
  for (let second = 0; second < Number(seconds); second++) {
    for (let index = 0; index < PICTURES; index++) {
      const size = { width: 1920, height: 1080, format: 'jpeg' } as const
      const frame = {
        kind: 'video',
        seq: second * PICTURES + index,
        time: second,
        ...size,
        data: picture,
      } as const
      await recorder.write({ topic: 'video/main', epoch: 1, block: frame })
    }
    for (; seq < (second + 1) * ARRAYS; seq += ROWS) {
      const data = Float64Array.from({ length: 6 * ROWS }, () => Math.random())
      const block = { kind: 'numbers', seq, time: second, rows: ROWS, columns: 6, data, names } as const
      await recorder.write({ topic: 'numbers/imu', epoch: 1, block })
    }
  }
  await recorder.close()
}

async function library(): Promise<void> {
  await using file = await open(path, 'wx')
  let position = 0
  const writable = {
    position: () => BigInt(position),
    write: async (bytes: Uint8Array) => {
      await file.write(bytes, 0, bytes.byteLength, position)
      position += bytes.byteLength
    },
  }
  const writer = new McapWriter({ writable, chunkSize: 1024 * 1024 })
  await writer.start({ profile: '', library: 'bench' })
  const schemaId = await writer.registerSchema({ name: 'x', encoding: 'protobuf', data: new Uint8Array(100) })
  const metadata = new Map<string, string>()
  const channel = async (topic: string): Promise<number> =>
    writer.registerChannel({ topic, schemaId, messageEncoding: 'protobuf', metadata })
  const [video, imu] = [await channel('video/main'), await channel('numbers/imu')]
  let time = 1_785_000_000_000_000_000n
  const add = async (channelId: number, sequence: number, data: Uint8Array): Promise<void> => {
    time += 1000n
    await writer.addMessage({ channelId, sequence, logTime: time, publishTime: time, data })
  }
  for (let second = 0; second < Number(seconds); second++) {
    for (let index = 0; index < PICTURES; index++) await add(video, index, picture)
    for (let index = 0; index < ARRAYS; index++)
      await add(imu, index, crypto.getRandomValues(new Uint8Array(ARRAY_BYTES)))
  }
  await writer.end()
}

async function cpuOf(write: () => Promise<void>): Promise<number> {
  const busy = process.cpuUsage()
  await write()
  const { user, system } = process.cpuUsage(busy)
  return (user + system) / 1000
}

/** Copies the file that zcast makes. The last line that the shell says is the time of the programs it started. */
async function cpuOfCat(): Promise<number> {
  await zcast()
  const copy = `${path}.copy`
  const script = 'cat "$0" > "$1"; times'
  const { stdout } = spawnSync('sh', ['-c', script, path, copy], { encoding: 'utf8' })
  await rm(copy)
  const times = stdout.trim().split('\n').at(-1) ?? ''
  return [...times.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, own]) => sum + Number(minutes) * 60_000 + Number(own) * 1000,
    0,
  )
}

const cpuMs = writer === 'cat' ? await cpuOfCat() : await cpuOf(writer === 'zcast' ? zcast : library)
console.log(JSON.stringify({ cpuMs: cpuMs / Number(seconds) }))
