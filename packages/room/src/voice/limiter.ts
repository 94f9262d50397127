/** The largest sample that is let through, of 32,768. */
const MOST = 32_000
/** How much louder each block may be than the one before, until nothing is lowered any more. */
const RELEASE = 1.04

/**
 * Makes sums of voices fit 16 bits without cutting their tops off: where they are too loud, all of them become less loud
 * together. It works one block behind what it is given, so that the loudness falls before the peak rather than in it.
 */
export class Limiter {
  #held: Float32Array | undefined
  #heldMost = 1
  #gain = 1

  /** Takes the next block. @returns The one before; `undefined` for the first. */
  next(block: Float32Array): Int16Array | undefined {
    const most = mostOf(block)
    const held = this.#held
    const heldMost = this.#heldMost
    this.#held = block
    this.#heldMost = most
    if (!held) {
      this.#gain = most
      return undefined
    }
    // Neither end is louder than its own blocks allow.
    const end = Math.min(heldMost, most, this.#gain * RELEASE, 1)
    const out = new Int16Array(held.length)
    for (let index = 0; index < held.length; index++) {
      const gain = this.#gain + ((end - this.#gain) * index) / held.length
      out[index] = Math.round((held[index] as number) * gain)
    }
    this.#gain = end
    return out
  }

  /** The last block, after which it begins anew. */
  flush(length: number): Int16Array | undefined {
    const last = this.next(new Float32Array(length))
    this.#held = undefined
    this.#gain = 1
    return last
  }
}

/** By how much a block may be multiplied. */
function mostOf(block: Float32Array): number {
  let peak = 0
  for (const sample of block) peak = Math.max(peak, Math.abs(sample))
  return peak <= MOST ? 1 : MOST / peak
}
