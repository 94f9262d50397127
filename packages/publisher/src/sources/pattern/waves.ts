import type { Canvas, Colour, Rectangle } from './canvas.ts'

interface Wave {
  readonly colour: Colour
  /** The number of waves across the picture. */
  readonly cycles: number
  /** Turns per second; whole numbers of turns in 20 s, so that the motion repeats. */
  readonly speed: number
  /** A fraction of the picture's height. */
  readonly amplitude: number
}

const WAVES: readonly Wave[] = [
  { colour: [255, 70, 130], cycles: 1.1, speed: 0.25, amplitude: 0.27 },
  { colour: [40, 190, 255], cycles: 1.6, speed: -0.35, amplitude: 0.22 },
  { colour: [90, 255, 170], cycles: 0.8, speed: 0.45, amplitude: 0.31 },
]

/**
 * Adds glowing waves, which move smoothly with time.
 *
 * @param centre - Pixels from the top.
 * @param behind - The area in which they are hidden, and not drawn.
 * @param seconds - Any time.
 */
export function drawWaves(canvas: Canvas, centre: number, behind: Rectangle, seconds: number): void {
  const radius = Math.max(3, Math.round(canvas.height / 32))
  const glow = glowTable(radius)
  for (const wave of WAVES) drawWave(canvas, wave, centre, behind, seconds, radius, glow)
}

function drawWave(
  { width, height, pixels }: Canvas,
  { colour: [red, green, blue], cycles, speed, amplitude }: Wave,
  centre: number,
  behind: Rectangle,
  seconds: number,
  radius: number,
  glow: Float32Array,
): void {
  const phase = ((speed * seconds) % 1) * 2 * Math.PI
  for (let x = 0; x < width; x++) {
    const across = x / width
    const swell = 0.75 + 0.25 * Math.sin(across * 5 - phase)
    const y = centre + height * amplitude * swell * Math.sin(across * cycles * 2 * Math.PI + phase)
    const hidden = x >= behind.x && x < behind.x + behind.width
    const last = Math.min(height - 1, Math.floor(y + radius))
    for (let row = Math.max(0, Math.ceil(y - radius)); row <= last; row++) {
      if (hidden && row >= behind.y && row < behind.y + behind.height) continue
      const light = glow[Math.round(Math.abs(row - y) * GLOW_STEPS)] as number
      const at = (row * width + x) * 3
      pixels[at] = (pixels[at] as number) + red * light
      pixels[at + 1] = (pixels[at + 1] as number) + green * light
      pixels[at + 2] = (pixels[at + 2] as number) + blue * light
    }
  }
}

const GLOW_STEPS = 8
const GLOWS = new Map<number, Float32Array>()

/** Light at a distance of `i / GLOW_STEPS` pixels: a bright core in a wide halo that ends at `radius`. */
function glowTable(radius: number): Float32Array {
  let glow = GLOWS.get(radius)
  if (!glow) {
    glow = Float32Array.from({ length: radius * GLOW_STEPS + 1 }, (_, i) => {
      const distance = i / GLOW_STEPS / radius
      const halo = (1 - distance) ** 2 * 0.35
      const core = Math.max(0, 1 - distance * 5) * 0.65
      return halo + core
    })
    GLOWS.set(radius, glow)
  }
  return glow
}
