import { CodecError, type SoundBlock, type VoiceBlock } from '@zcast/shared'
import { opusSamples } from '@zcast/shared/internal'
import type { OpusDecoder, OpusDecoderSampleRate } from 'opus-decoder'

/**
 * Decodes the Opus packets of one stream to 16-bit samples, within this process: an ffmpeg for each listener would cost
 * more, and holds back what it reads. The decoder is libopus as WebAssembly, so that nothing native is installed.
 */
export class OpusSound {
  #decoder: OpusDecoder<OpusDecoderSampleRate> | undefined
  #shape = ''

  /**
   * Decodes one packet.
   *
   * @param block - Of format `opus`, or any other, which is returned as it is.
   * @returns The same sound as `s16`.
   * @throws {@link CodecError} `ERR_VALUE` when it is no Opus packet.
   */
  async decode<S extends SoundBlock | VoiceBlock>(block: S): Promise<S> {
    if (block.format !== 'opus') return block
    if (opusSamples(block.data) === undefined)
      throw new CodecError('ERR_VALUE', 'a piece of sound is no Opus packet, and is left out')
    const decoder = await this.#decoderFor(block)
    const { channelData, samplesDecoded } = decoder.decodeFrame(block.data)
    if (samplesDecoded === 0)
      throw new CodecError('ERR_VALUE', 'a piece of sound is damaged, and is left out')
    return { ...block, format: 's16', samples: samplesDecoded, data: interleave(channelData, samplesDecoded) }
  }

  /** Frees the decoder. May be called twice. */
  close(): void {
    this.#decoder?.free()
    this.#decoder = undefined
    this.#shape = ''
  }

  async #decoderFor({
    rate,
    channels,
  }: Pick<SoundBlock, 'rate' | 'channels'>): Promise<OpusDecoder<OpusDecoderSampleRate>> {
    const shape = `${rate} ${channels}`
    if (this.#decoder && shape === this.#shape) return this.#decoder
    this.close()
    // Loaded with the first packet: hardly anybody needs it.
    const { OpusDecoder } = await import('opus-decoder')
    const sampleRate = rate as OpusDecoderSampleRate
    const decoder = new OpusDecoder<OpusDecoderSampleRate>({ channels, sampleRate, preSkip: 0 })
    await decoder.ready
    this.#shape = shape
    return (this.#decoder = decoder)
  }
}

const FULL = 32_768

function interleave(channels: readonly Float32Array[], samples: number): Uint8Array {
  const bytes = Buffer.alloc(samples * channels.length * 2)
  let at = 0
  for (let sample = 0; sample < samples; sample++) {
    for (const channel of channels) {
      const value = Math.round((channel[sample] ?? 0) * FULL)
      at = bytes.writeInt16LE(Math.max(-FULL, Math.min(FULL - 1, value)), at)
    }
  }
  return bytes
}
