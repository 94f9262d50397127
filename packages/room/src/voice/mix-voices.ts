import { VOICE_FORMAT, type SpokenClip } from './voice-format.ts'

/**
 * The sum of all clips that are heard from a moment on.
 *
 * @param time - Of the first sample, in seconds since the Unix epoch.
 */
export function mixVoices(clips: Iterable<SpokenClip>, time: number, samples: number): Float32Array {
  const sum = new Float32Array(samples)
  for (const clip of clips) {
    const first = Math.round((time - clip.time) * VOICE_FORMAT.rate)
    const [start, end] = [Math.max(0, -first), Math.min(samples, clip.samples.length - first)]
    for (let index = start; index < end; index++) {
      sum[index] = (sum[index] as number) + (clip.samples[first + index] as number)
    }
  }
  return sum
}
