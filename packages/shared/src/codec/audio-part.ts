import type { SoundBlock } from '../block.ts'
import { refuseSound } from '../sound-limits.ts'
import { invalid, unsupported } from './codec.ts'
import { isUint, type CodecPart } from './part.ts'

/** Sound: the attachment is interleaved samples, or one Opus packet. */
export const AUDIO_PART: CodecPart<SoundBlock> = {
  encode({ rate, channels, samples, format, data }, header) {
    header['rate'] = rate
    header['channels'] = channels
    header['samples'] = samples
    header['format'] = format
    return data
  },

  decode({ seq, time }, { rate, channels, samples, format = 's16' }, message) {
    const data = message[2]
    if (typeof format !== 'string') return invalid('format is not a string')
    if (format !== 's16' && format !== 'opus') return unsupported('the sound format is neither s16 nor opus')
    if (message.length !== 3 || !data) return invalid('audio has 3 parts')
    if (!isUint(rate) || !isUint(channels) || !isUint(samples))
      return invalid('rate, channels or samples is not an unsigned integer')
    const refusal = refuseSound({ rate, channels, samples, format }, data.byteLength)
    if (refusal !== undefined) return invalid(refusal)
    return { kind: 'audio', seq, time, rate, channels, samples, format, data }
  },
}
