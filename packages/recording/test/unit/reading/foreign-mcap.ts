import { McapWriter } from '@mcap/core'
import lz4 from '@foxglove/wasm-lz4'
import zstd from '@foxglove/wasm-zstd'

/** A message of another program. */
export interface ForeignMessage {
  readonly topic: string
  /** Seconds. */
  readonly time: number
  readonly text: string
}

/** How another program writes. */
export type ForeignOptions = Omit<ConstructorParameters<typeof McapWriter>[0], 'writable'> & {
  readonly encoding?: string
  readonly schema?: string
  /** Adds an attachment and metadata before the messages. */
  readonly withAttachment?: boolean
}

/** An MCAP file as another program writes it, in memory. */
export async function foreignMcap(
  messages: readonly ForeignMessage[],
  { encoding = 'json', schema = 'a/B', withAttachment = false, ...options }: ForeignOptions = {},
): Promise<Buffer> {
  await Promise.all([zstd.isLoaded, lz4.isLoaded])
  const pieces: Uint8Array[] = []
  let length = 0n
  const writable = {
    position: () => length,
    write: async (bytes: Uint8Array) => {
      pieces.push(Uint8Array.from(bytes))
      length += BigInt(bytes.byteLength)
    },
  }
  const writer = new McapWriter({ writable, ...options })
  await writer.start({ profile: 'ros2', library: 'other' })
  const schemaId = await writer.registerSchema({ name: schema, encoding: 'ros2msg', data: Buffer.from('x') })
  if (withAttachment) {
    const data = Buffer.from('calibration')
    await writer.addAttachment({ name: 'a.txt', logTime: 0n, createTime: 0n, mediaType: 'text/plain', data })
    await writer.addMetadata({ name: 'robot', metadata: new Map([['name', 'r2']]) })
  }
  const ids = new Map<string, number>()
  for (const [sequence, { topic, time, text }] of messages.entries()) {
    const metadata = new Map<string, string>()
    const id =
      ids.get(topic) ??
      (await writer.registerChannel({ topic, schemaId, messageEncoding: encoding, metadata }))
    ids.set(topic, id)
    const logTime = BigInt(Math.round(time * 1e6)) * 1000n
    await writer.addMessage({
      channelId: id,
      sequence,
      logTime,
      publishTime: logTime,
      data: Buffer.from(text),
    })
  }
  await writer.end()
  return Buffer.concat(pieces)
}
