import { fileSound, openPcm, type PcmFormat } from '@zcast/media'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import { Refusal } from '../people/refusal.ts'
import { withoutPath } from '../without-path.ts'
import { VOICE_FORMAT } from './voice-format.ts'

/** Shorter ones are a slip of the finger. */
const LEAST_SECONDS = 0.1
/** ffmpeg may take this long for a clip of a minute. */
const LONGEST_MS = 20_000

/**
 * Decodes a recording, whatever a browser made it of.
 *
 * @param maxSeconds - What is beyond is left out.
 * @throws {@link Refusal} `ERR_VOICE` when it is no sound, or holds none.
 */
export async function decodeClip(
  path: string,
  maxSeconds: number,
  format: PcmFormat = VOICE_FORMAT,
): Promise<Int16Array> {
  const most = Math.round(maxSeconds * format.rate) * format.channels * 2
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    const input = fileSound(path)
    const pcm = openPcm({ ...format, name: 'the recording', input }, AbortSignal.timeout(LONGEST_MS))
    for await (const chunk of pcm) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= most) break
    }
  } catch (error) {
    if (systemErrorCode(error) === 'ERR_FFMPEG') throw error
    throw new Refusal(
      'ERR_VOICE',
      `this recording cannot be heard: ${withoutPath(errorMessage(error), path, 'it')}`,
    )
  }
  const samples = Math.floor(Math.min(bytes, most) / 2 / format.channels) * format.channels
  if (samples < LEAST_SECONDS * format.rate * format.channels)
    throw new Refusal('ERR_VOICE', 'there is no sound in this recording; hold the button while you speak')
  const whole = Buffer.concat(chunks, samples * 2)
  const aligned = new Int16Array(samples)
  new Uint8Array(aligned.buffer).set(whole)
  return aligned
}
