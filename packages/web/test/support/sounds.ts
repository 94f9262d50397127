import { type SoundBlock, Statistics, wallClock } from '@zcast/shared'
import type { Sink } from '@zcast/subscribers'
import { Recorder } from '@zcast/testing/waiting/recorder'
import type { SoundPiece } from '../../assets/sound/sound-pieces.js'

/** Samples a second of these sounds. */
export const RATE = 8000

/** 20 ms of a tone of 400 Hz, which goes on from piece to piece. */
export function tonePiece(number: number, start: number, rate = RATE): SoundPiece {
  const samples = rate / 50
  const left = Float32Array.from({ length: samples }, (_, at) =>
    Math.sin((2 * Math.PI * 400 * (number * samples + at)) / rate),
  )
  const time = start + number / 50
  return { rate, left, right: left.slice(), time, seq: number, number: number + 1, leftOut: 0 }
}

/** 20 ms of sound whose samples are a number. */
export function soundBlock(
  seq: number,
  { rate = 1000, channels = 1 }: { readonly rate?: number; readonly channels?: number } = {},
): SoundBlock {
  const samples = rate / 50
  const data = new Uint8Array(Int16Array.from({ length: samples * channels }, () => seq).buffer)
  return { kind: 'audio', seq, time: 1000 + seq / 50, rate, channels, samples, format: 's16', data }
}

/** A subscription to sound, as a subscriber would run it. */
export interface Sounding {
  readonly deliver: (block: SoundBlock, topic?: string) => void
  /** `pause` or `resume` for each change. */
  readonly pauses: Recorder<string>
  /** Delivers a tone from now on, while it is not paused. @returns Its end. */
  readonly playTone: (topic?: string) => () => void
}

/** Opens a sink of sound. */
export async function openSound(sink: Sink): Promise<Sounding> {
  const pauses = new Recorder<string>()
  let isPaused = false
  const turn = (next: boolean): void => {
    if (next !== isPaused) pauses.add(next ? 'pause' : 'resume')
    isPaused = next
  }
  const subscription = { pause: () => turn(true), resume: () => turn(false) }
  const statistics = new Statistics()
  await sink.open({ statistics, state: () => (isPaused ? 'idle' : 'live'), subscription })
  const deliver = (block: SoundBlock, topic = 'audio/main'): void => {
    const accounts = statistics.topic(topic)
    accounts.sequence.accept(1, block.seq ?? 0, 1)
    statistics.recordDelivery(accounts, 1, 1, performance.now())
    void sink.write({ topic, epoch: 1, block })
  }
  const playTone = (topic?: string): (() => void) => {
    const start = wallClock()
    let seq = 0
    const timer = setInterval(() => {
      for (; start + seq / 50 <= wallClock(); seq++) {
        const { left, rate, time } = tonePiece(seq, start)
        const data = new Uint8Array(Int16Array.from(left, (value) => value * 16_384).buffer)
        const shape = { kind: 'audio', rate, channels: 1, samples: left.length, format: 's16' } as const
        if (!isPaused) deliver({ ...shape, seq, time, data }, topic)
      }
    }, 20)
    return () => clearInterval(timer)
  }
  return { deliver, pauses, playTone }
}
