/** How alike two pictures are: the peak signal-to-noise ratio in dB; above 30 they look the same. */
export function peakSignalToNoise(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) throw new Error(`pictures of ${one.length} and ${other.length} bytes`)
  let sum = 0
  for (let index = 0; index < one.length; index++) {
    const difference = (one[index] as number) - (other[index] as number)
    sum += difference * difference
  }
  return 10 * Math.log10(255 ** 2 / (sum / one.length))
}
