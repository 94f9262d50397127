import { open } from 'node:fs/promises'
import zstd from '@foxglove/wasm-zstd'
import { McapIndexedReader } from '@mcap/core'
import { Recording } from '@zcast/recording'

// Reads all of a recording, by zcast or by the library's own reader, which decodes nothing. Says how long that took, and
// how long it takes to find what a moment showed.
const [reader = 'zcast', path = ''] = process.argv.slice(2)
const SEEKS = 50

async function zcast(): Promise<object> {
  await using recording = await Recording.open(path)
  const { from = 0, to = 0 } = recording
  const cpuMs = await measure(async () => {
    for await (const _ of recording.blocks()) continue
  })
  const topics = recording.topics().map(({ topic }) => topic)
  const seeks: number[] = []
  for (let index = 0; index < SEEKS; index++) {
    const time = from + Math.random() * (to - from)
    const startedMs = performance.now()
    for (const topic of topics) await recording.latest(topic, time)
    seeks.push(performance.now() - startedMs)
  }
  seeks.sort((a, b) => a - b)
  return { cpuMs, seek: seeks[Math.floor(SEEKS * 0.95)] }
}

async function library(): Promise<object> {
  await zstd.isLoaded
  await using file = await open(path)
  const { size } = await file.stat()
  const readable = {
    size: async () => BigInt(size),
    read: async (offset: bigint, length: bigint) => {
      const bytes = new Uint8Array(Number(length))
      await file.read(bytes, 0, bytes.byteLength, Number(offset))
      return bytes
    },
  }
  const decompressHandlers = {
    zstd: (data: Uint8Array, length: bigint) => zstd.decompress(data, Number(length)),
  }
  const messages = await McapIndexedReader.Initialize({ readable, decompressHandlers })
  const cpuMs = await measure(async () => {
    for await (const _ of messages.readMessages()) continue
  })
  return { cpuMs }
}

async function measure(read: () => Promise<void>): Promise<number> {
  const busy = process.cpuUsage()
  await read()
  const { user, system } = process.cpuUsage(busy)
  return (user + system) / 1000
}

console.log(JSON.stringify(await (reader === 'zcast' ? zcast() : library())))
