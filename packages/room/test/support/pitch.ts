/**
 * How much of a pitch is in some samples: the amplitude of a sine of it (Goertzel).
 *
 * @param rate - Samples a second.
 */
export function amplitudeOf(hertz: number, samples: Int16Array, rate: number): number {
  const [cosine, sine] = [Math.cos((2 * Math.PI * hertz) / rate), Math.sin((2 * Math.PI * hertz) / rate)]
  let [before, beforeThat] = [0, 0]
  for (const sample of samples) [before, beforeThat] = [sample + 2 * cosine * before - beforeThat, before]
  const [real, imaginary] = [before - beforeThat * cosine, beforeThat * sine]
  return (2 * Math.hypot(real, imaginary)) / samples.length
}
