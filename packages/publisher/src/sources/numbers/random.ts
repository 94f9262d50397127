/**
 * A repeatable random number generator: sfc32 (Chris Doty-Humphrey's PractRand), 53 bits a number.
 *
 * @param seed - Any safe integer.
 * @returns A function that draws from [0, 1).
 */
export function createRandom(seed: number): () => number {
  let a = seed >>> 0
  let b = Math.floor(seed / 2 ** 32) >>> 0
  let c = 0x9e_37_79_b9
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = ((c << 21) | (c >>> 11)) >>> 0
    c = (c + sum) >>> 0
    return sum
  }
  // The first numbers of similar seeds are alike; after 15 rounds they are not (PractRand's own advice).
  for (let round = 0; round < 15; round++) next()
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53
}
