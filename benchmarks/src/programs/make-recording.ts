import { Recorder } from '@zcast/recording'
import { noisyPicture } from './noisy-picture.ts'

// Four streams of 1080p pictures of nearly 150 kB, 30 a second, 10,000 arrays of ten numbers a second in batches of 100,
// or of as many as it is told, and a line of the error log a second, as they are recorded in so many seconds.
const [path = '', seconds = '10', batch = '100'] = process.argv.slice(2)
const STREAMS = 4
const ROWS = Number(batch)
const ARRAYS_A_SECOND = 10_000
const PICTURES_A_SECOND = 30
const COLUMNS = 10

const picture = await noisyPicture(150_000)

const recorder = new Recorder({ path })
await recorder.open()
const start = BigInt(Date.now()) * 1_000_000n
let frames = 0
for (let seq = 0; seq < Number(seconds) * ARRAYS_A_SECOND; seq += ROWS) {
  const at = start + BigInt(seq) * 100_000n
  const time = Number(at) / 1e9
  const data = Float64Array.from({ length: ROWS * COLUMNS }, () => Math.random())
  const interval = ROWS > 1 ? 1 / ARRAYS_A_SECOND : undefined
  const numbers = { seq, time, interval, rows: ROWS, columns: COLUMNS, data }
  await recorder.add({ topic: 'numbers/imu', epoch: 1, block: { kind: 'numbers', ...numbers } }, at)
  const second = seq / ARRAYS_A_SECOND
  if (Number.isInteger(second)) recorder.addLine({ time, line: `${second} s have been recorded` })
  if (second * PICTURES_A_SECOND < frames) continue
  for (let stream = 0; stream < STREAMS; stream++) {
    const size = { width: 1920, height: 1080, format: 'jpeg' } as const
    const block = { kind: 'video', seq: frames, time, ...size, data: picture } as const
    await recorder.add({ topic: `video/cam${stream}`, epoch: 1, block }, at)
  }
  frames += 1
}
await recorder.close()
console.log(JSON.stringify({ frames }))
