import { Recorder } from '@zcast/recording'
import { noisyPicture } from './noisy-picture.ts'

// Four streams of 1080p pictures of nearly 150 kB, 30 a second, 10,000 arrays of ten numbers a second in batches of 100,
// and a line of the error log a second, as they are recorded in so many seconds.
const [path = '', seconds = '10'] = process.argv.slice(2)
const STREAMS = 4
const ROWS = 100
const COLUMNS = 10

const picture = await noisyPicture(150_000)

const recorder = new Recorder({ path })
await recorder.open()
const start = BigInt(Date.now()) * 1_000_000n
let frames = 0
for (let batch = 0; batch < Number(seconds) * 100; batch++) {
  const at = start + BigInt(batch) * 10_000_000n
  const time = Number(at) / 1e9
  const data = Float64Array.from({ length: ROWS * COLUMNS }, () => Math.random())
  const numbers = { seq: batch * ROWS, time, interval: 1e-4, rows: ROWS, columns: COLUMNS, data }
  await recorder.add({ topic: 'numbers/imu', epoch: 1, block: { kind: 'numbers', ...numbers } }, at)
  if (batch % 100 === 0) recorder.addLine({ time, line: `${batch / 100} s have been recorded` })
  if (batch * 0.3 < frames) continue
  for (let stream = 0; stream < STREAMS; stream++) {
    const size = { width: 1920, height: 1080, format: 'jpeg' } as const
    const block = { kind: 'video', seq: frames, time, ...size, data: picture } as const
    await recorder.add({ topic: `video/cam${stream}`, epoch: 1, block }, at)
  }
  frames += 1
}
await recorder.close()
console.log(JSON.stringify({ frames }))
