import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findFfmpeg } from '@zcast/media'
import { until } from '../fuzz/attack.ts'
import { RoomGuest } from '../fuzz/room/room-guest.ts'
import { freePorts } from '../support/free-ports.ts'
import { ZcastProcess } from '../support/zcast-process.ts'
import { SlowUpload } from './slow-upload.ts'

export const ROOM_FAULT = 'a room: killed in the middle of chat and an upload'
export const ROOM_HEADING = ['in a room', 'times', 'median s', 'worst s', 'lines shown', 'lost', 'resumed at']

const TALKERS = 8
/** What one may write. */
const EVERY_MS = 1100

interface Trial {
  /** A folder of its own. */
  readonly folder: string
  readonly times: number
  readonly signal: AbortSignal
  readonly failures: string[]
}

/** Kills a room again and again: what was shown as sent must be there afterwards, and each upload go on. @returns A row. */
export async function tryRoomFault({ folder, times, signal, failures }: Trial): Promise<string[]> {
  const data = join(folder, 'killed-room')
  mkdirSync(data)
  const film = await makeFilm(join(folder, 'upload.mp4'))
  const [port, topics] = (await freePorts(2)) as [number, number]
  const address = `http://127.0.0.1:${port}`
  const open = async (): Promise<ZcastProcess> => {
    const ports = ['--port', port, '--bind', `tcp://127.0.0.1:${topics}`, '--data', data, '--cache', 'off']
    const room = new ZcastProcess('room', ['room', ...ports], { logFolder: join(folder, 'room-logs') })
    await room.says(/topics of the room on/)
    await until(async () => ((await isUp(address)) ? undefined : 'the page of the room did not answer'))
    return room
  }
  const seconds: number[] = []
  let [shown, lost, done, resumedAt] = [0, 0, 0, 0]
  for (; done < times && !signal.aborted; done++) {
    let room = await open()
    const talkers = await Promise.all(
      Array.from({ length: TALKERS }, (_, index) => RoomGuest.join(address, `guest ${index}`)),
    )
    const own = new Set<string>()
    // What was shown to others counts as sent.
    const [listener] = talkers as [RoomGuest]
    listener.onTold = ({ type, line }): void => {
      if (type === 'chat') own.add((line as { readonly text: string }).text)
    }
    const talking = talkers.map((talker, index) =>
      setInterval(
        () => talker.say({ type: 'say', text: `${done} ${index} ${Date.now()}` }),
        EVERY_MS + index,
      ),
    )
    const upload = new SlowUpload(address, film)
    const sending = upload.send(listener.key)
    await delay(1500 + Math.random() * 2000)
    process.kill(room.pid, 'SIGKILL')
    const killedMs = performance.now()
    await Promise.all([room.ended, sending])
    for (const timer of talking) clearInterval(timer)
    room = await open()
    const back = await RoomGuest.join(address, 'guest 0')
    seconds.push((performance.now() - killedMs) / 1000)
    const kept = new Set((back.welcome['chat'] as readonly { text: string }[]).map(({ text }) => text))
    shown += own.size
    lost += [...own].filter((text) => !kept.has(text)).length
    const offset = await upload.offset(back.key)
    resumedAt += offset / film.length / times
    if (offset < upload.acknowledged)
      failures.push(`${ROOM_FAULT}: ${upload.acknowledged} bytes were taken, ${offset} are there`)
    await upload.send(back.key, offset)
    back.leave()
    const end = await room.stop()
    if (end !== 0) failures.push(`${ROOM_FAULT}: the room ended with ${end}: ${room.stderr.at(-1)}`)
  }
  const whole = readdirSync(join(data, 'uploads'))
    .filter((name) => name.endsWith('.mp4'))
    .filter((name) => sumOf(readFileSync(join(data, 'uploads', name))) === sumOf(film)).length
  if (whole !== done) failures.push(`${ROOM_FAULT}: ${whole} of ${done} uploads are there, byte for byte`)
  if (lost > 0) failures.push(`${ROOM_FAULT}: lost ${lost} of ${shown} lines that were shown`)
  if (shown === 0) failures.push(`${ROOM_FAULT}: no line was shown`)
  const sorted = seconds.toSorted((one, other) => one - other)
  const [median = 0, worst = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  return [
    ROOM_FAULT,
    String(done),
    median.toFixed(2),
    worst.toFixed(2),
    String(shown),
    String(lost),
    `${(resumedAt * 100).toFixed(0)} %`,
  ]
}

async function makeFilm(path: string): Promise<Buffer> {
  const { path: ffmpeg } = await findFfmpeg()
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30,noise=alls=20:allf=t', '-t', '4']
  execFileSync(ffmpeg, ['-v', 'error', '-y', ...picture, '-c:v', 'mjpeg', '-q:v', '5', path])
  return readFileSync(path)
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function isUp(address: string): Promise<boolean> {
  return fetch(address).then(
    ({ ok }) => ok,
    () => false,
  )
}
