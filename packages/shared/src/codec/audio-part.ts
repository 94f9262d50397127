import type { Sound, SoundBlock, VoiceBlock } from '../block.ts'
import { refuseSound } from '../sound-limits.ts'
import { invalid, isRejection, unsupported, type Rejection } from './codec.ts'
import { isUint, type CodecPart, type Header, type Position } from './part.ts'
import type { Message } from '../envelope.ts'

/** Sound: the attachment is interleaved samples, or one Opus packet. */
export const AUDIO_PART: CodecPart<SoundBlock> = {
  encode: encodeSound,
  decode(position, header, message) {
    const sound = decodeSound(position, header, message)
    return isRejection(sound) ? sound : { kind: 'audio', ...sound }
  },
}

/** What people say: written as sound is. */
export const VOICE_PART: CodecPart<VoiceBlock> = {
  encode: encodeSound,
  decode(position, header, message) {
    const sound = decodeSound(position, header, message)
    return isRejection(sound) ? sound : { kind: 'voice', ...sound }
  },
}

function encodeSound(
  { rate, channels, samples, format, data }: Sound,
  header: Record<string, unknown>,
): Uint8Array {
  header['rate'] = rate
  header['channels'] = channels
  header['samples'] = samples
  header['format'] = format
  return data
}

function decodeSound(
  { seq, time }: Position,
  { rate, channels, samples, format = 's16' }: Header,
  message: Message,
): Sound | Rejection {
  const data = message[2]
  if (typeof format !== 'string') return invalid('format is not a string')
  if (format !== 's16' && format !== 'opus') return unsupported('the sound format is neither s16 nor opus')
  if (message.length !== 3 || !data) return invalid('audio has 3 parts')
  if (!isUint(rate) || !isUint(channels) || !isUint(samples))
    return invalid('rate, channels or samples is not an unsigned integer')
  const refusal = refuseSound({ rate, channels, samples, format }, data.byteLength)
  if (refusal !== undefined) return invalid(refusal)
  return { seq, time, rate, channels, samples, format, data }
}
