import { readFile } from 'node:fs/promises'
import { ZeromqTransport } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import type { LaneViewerEnd, LaneViewerOptions, LaneViewerPicture } from './lane-witness.ts'

// A viewer in a process of its own, which tells its parent of every picture, and of its accounts when it is asked to end.
const options = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as LaneViewerOptions
const { endpoint, heartbeatMs, keys, serverKey } = options
const transport = keys && new ZeromqTransport({ curve: { keys, serverKey } })
const subscriber = await Subscriber.open({
  topics: ['video/main'],
  delivery: 'latest',
  connect: [endpoint],
  heartbeatMs,
  ...(transport && { transport }),
})
process.on('message', () => void subscriber.close())
// However its parent ended.
process.on('disconnect', () => process.exit())
for await (const { epoch, block } of subscriber) {
  const { withheld } = subscriber.statistics.counts()
  // The stream is zcast's own, which numbers everything.
  const picture: LaneViewerPicture = {
    epoch: epoch ?? -1,
    seq: block.seq ?? -1,
    takenAt: block.time,
    withheld,
  }
  process.send?.(picture)
}
const { received, lost, withheld, skipped, invalid, duplicate } = subscriber.statistics.counts()
const end: LaneViewerEnd = { received, lost: lost ?? -1, withheld, skipped, invalid, duplicate }
process.send?.(end, () => process.disconnect())
