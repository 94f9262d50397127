import { Recorder } from '@zcast/recording'

// Four streams of pictures of 150 kB, 30 a second, and 10,000 arrays of ten numbers a second in batches of 100, or of as
// many as it is told, as they are recorded in so many seconds.
const [path = '', seconds = '10', batch = '100'] = process.argv.slice(2)
const STREAMS = 4
const ROWS = Number(batch)
const ARRAYS_A_SECOND = 10_000
const PICTURES_A_SECOND = 30
const COLUMNS = 10

const HEAD = [
  0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 4, 0x38, 7, 0x80, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0,
]
const picture = Uint8Array.from({ length: 150_000 }, () => Math.random() * 255)
picture.set(HEAD)
picture.set([0xff, 0xd9], picture.length - 2)

const recorder = new Recorder({ path })
await recorder.open()
const start = Date.now() / 1000
let frames = 0
for (let seq = 0; seq < Number(seconds) * ARRAYS_A_SECOND; seq += ROWS) {
  const time = start + seq / ARRAYS_A_SECOND
  const data = Float64Array.from({ length: ROWS * COLUMNS }, () => Math.random())
  const interval = ROWS > 1 ? 1 / ARRAYS_A_SECOND : undefined
  const numbers = { seq, time, interval, rows: ROWS, columns: COLUMNS, data }
  await recorder.write({ topic: 'numbers/imu', epoch: 1, block: { kind: 'numbers', ...numbers } })
  if ((seq / ARRAYS_A_SECOND) * PICTURES_A_SECOND < frames) continue
  for (let stream = 0; stream < STREAMS; stream++) {
    const size = { width: 1920, height: 1080, format: 'jpeg' } as const
    const block = { kind: 'video', seq: frames, time, ...size, data: picture } as const
    await recorder.write({ topic: `video/cam${stream}`, epoch: 1, block })
  }
  frames += 1
}
await recorder.close()
console.log(JSON.stringify({ frames }))
