import { encodeJpeg } from '@zcast/media'

type Colour = readonly [red: number, green: number, blue: number]

/** Hills, the farthest first: how high they stand, how steep they are, and how dark. */
const HILLS = [
  { height: 0.62, wave: 5, steep: 0.13, light: 0.3 },
  { height: 0.76, wave: 8, steep: 0.07, light: 0.19 },
  { height: 0.89, wave: 4, steep: 0.05, light: 0.1 },
] as const

/** A landscape in the evening, in the colours of a hue, as a picture of a film. */
export async function paintStill(
  hue: number,
  width: number,
  height = Math.round((width * 9) / 16),
): Promise<{ data: Uint8Array; width: number; height: number }> {
  const pixels = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      pixels.set(colourAt(hue, column / width, row / height), (row * width + column) * 3)
    }
  }
  return { data: await encodeJpeg(pixels, width, height, 88), width, height }
}

function colourAt(hue: number, x: number, y: number): Colour {
  const hill = HILLS.findLast(({ height, wave, steep }) => {
    const ridge = Math.sin(x * wave + hue) + Math.sin(x * wave * 2.7 + hue * 2) / 2
    return y > height + (ridge * steep) / 1.5
  })
  if (hill) return mix(hue + 10, 0.45, hill.light)
  const isSun = Math.hypot((x - 0.3 - (hue % 90) / 200) * 1.78, y - 0.4) < 0.11
  return isSun ? mix(hue + 60, 0.6, 0.9) : mix(hue + 70 * y, 0.5, 0.22 + 0.6 * y)
}

/** A colour of hue, saturation and lightness. */
function mix(hue: number, saturation: number, light: number): Colour {
  const channel = (offset: number): number => {
    const turn = (offset + hue / 30) % 12
    const part = saturation * Math.min(light, 1 - light)
    return 255 * (light - part * Math.max(-1, Math.min(turn - 3, 9 - turn, 1)))
  }
  return [channel(0), channel(8), channel(4)]
}
