import { Publisher } from '@zcast/publisher'
import { Ticker } from '@zcast/shared'
import { pictureOf } from './picture-of.ts'

const CAMERAS = ['north', 'east', 'south', 'west']
const PICTURES_A_SECOND = 30
/** Each holds ten arrays. */
const TICKS_A_SECOND = 1000
const ARRAYS = 10

// Four cameras and 10,000 arrays of six a second; stops by itself, and says what it sent.
const [numbersEndpoint = '', videoEndpoint = '', bytes = '150000', seconds = '10'] = process.argv.slice(2)
const picture = await pictureOf(Number(bytes))
// As the command does: small messages need queues of many, large ones of few.
await using measuring = await Publisher.open({ bind: [numbersEndpoint] })
await using filming = await Publisher.open({ bind: [videoEndpoint], expectedBytes: picture.byteLength })
const cameras = CAMERAS.map((name) => filming.topic(`video/${name}`))
const numbers = measuring.topic('numbers/imu', { names: ['ax', 'ay', 'az', 'gx', 'gy', 'gz'] })
console.log('ready')
await Promise.all([numbers.untilWatched(), ...cameras.map((camera) => camera.untilWatched())])

async function film(): Promise<number> {
  const ticker = new Ticker(PICTURES_A_SECOND)
  let sent = 0
  for (; sent < Number(seconds) * PICTURES_A_SECOND; sent++) {
    await ticker.next()
    for (const camera of cameras) await camera.send(picture)
  }
  return sent * cameras.length
}

async function measure(): Promise<number> {
  const ticker = new Ticker(TICKS_A_SECOND)
  let sent = 0
  for (; sent < Number(seconds) * TICKS_A_SECOND * ARRAYS; sent += ARRAYS) {
    await ticker.next()
    for (let array = 0; array < ARRAYS; array++)
      void numbers.send(Float64Array.from({ length: 6 }, () => Math.random()))
  }
  return sent
}

const [pictures, arrays] = await Promise.all([film(), measure()])
// What is queued is still on its way.
await new Promise((resolve) => setTimeout(resolve, 1000))
console.log(JSON.stringify({ pictures, arrays }))
