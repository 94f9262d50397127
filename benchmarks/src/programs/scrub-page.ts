import { WebSocket } from 'ws'

// What the page of a dashboard does that shows a recording, without a browser. Goes to moments here and there, and waits
// for the pictures of all streams and the numbers; then drags along the timeline for some seconds, each moment as soon as
// the one before is there. Says how long a moment took, and how many there were a second.
const [address = '', seconds = '5', width = ''] = process.argv.slice(2)
const SEEKS = 50
const [FIRST, STEP_SECONDS] = [0.1, 0.1]

interface Told {
  readonly type: string
  readonly request?: number
  readonly from?: number | null
  readonly to?: number
  readonly topics?: readonly { readonly topic: string; readonly kind: string }[]
}

const socket = new WebSocket(`${address.replace('http', 'ws')}/history`)
const answers = new Map<number, () => void>()
let pictures = 0
let bytes = 0
const { from, to, topics } = await new Promise<Required<Told> & { from: number }>((resolve) => {
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      pictures += 1
      bytes += data.byteLength
      return socket.send(`got ${data.readDoubleLE(32)}`)
    }
    const told = JSON.parse(data.toString()) as Told
    if (told.type === 'timeline' && typeof told.from === 'number')
      resolve(told as Required<Told> & { from: number })
    else if (told.type === 'moment') answers.get(told.request ?? 0)?.()
  })
})
const ofKind = (wanted: string): readonly string[] =>
  topics.flatMap(({ topic, kind }) => (kind === wanted ? [topic] : []))
socket.send(`show ${ofKind('video').join()}`)

let request = 0
function show(time: number, size = ''): Promise<void> {
  request += 1
  const number = request
  return new Promise<void>((resolve) => {
    answers.set(number, resolve)
    socket.send(`at ${number} ${time.toFixed(6)} ${size}`.trimEnd())
  }).then(() => void answers.delete(number))
}

async function readNumbers(time: number): Promise<void> {
  for (const topic of ofKind('numbers')) {
    const query = new URLSearchParams({ topic, tile: String(Math.floor(time / 10)) })
    await (await fetch(`${address}/history/numbers?${query.toString()}`)).arrayBuffer()
  }
}

async function readLines(time: number): Promise<void> {
  await (await fetch(`${address}/history/lines?at=${time}`)).arrayBuffer()
}

/** A part of the recording, not in order. */
function place(index: number): number {
  return from + (to - from) * (FIRST + (1 - 2 * FIRST) * ((index * 0.381_966) % 1))
}

await show(from)
await Promise.all([readNumbers(from), readLines(from)])
const seeks: number[] = []
for (let index = 0; index < SEEKS; index++) {
  const startedMs = performance.now()
  await Promise.all([show(place(index)), readNumbers(place(index)), readLines(place(index))])
  seeks.push(performance.now() - startedMs)
}
seeks.sort((a, b) => a - b)
console.log('seeks done')

let moments = 0
;[pictures, bytes] = [0, 0]
const startedMs = performance.now()
const endMs = startedMs + Number(seconds) * 1000
// From its beginning again at its end: past it, nothing is to be shown.
for (; performance.now() < endMs; moments++)
  await show(from + ((moments * STEP_SECONDS) % ((to - from) * (1 - FIRST))), width)
const lasted = (performance.now() - startedMs) / 1000
socket.close()
const at = (part: number): number => seeks[Math.floor(SEEKS * part)] as number
console.log(
  JSON.stringify({
    p50: at(0.5),
    p95: at(0.95),
    moments: moments / lasted,
    pictures: pictures / lasted,
    kilobytes: bytes / 1000 / moments,
    count: moments,
  }),
)
