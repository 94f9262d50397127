/** A picture to draw on: RGB, 8 bits each, row-major. Clamped, so that adding light to a pixel cannot overflow. */
export interface Canvas {
  readonly width: number
  readonly height: number
  /** `width * height * 3` bytes. */
  readonly pixels: Uint8ClampedArray
}

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/** A part of a canvas, in whole pixels. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** An empty canvas, black. */
export function createCanvas(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8ClampedArray(width * height * 3) }
}

/** Blends a colour over one pixel. @param alpha - 0 (nothing) to 1 (opaque). */
export function blendPixel(canvas: Canvas, x: number, y: number, colour: Colour, alpha: number): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return
  const { pixels } = canvas
  const at = (y * canvas.width + x) * 3
  pixels[at] = (pixels[at] as number) * (1 - alpha) + colour[0] * alpha
  pixels[at + 1] = (pixels[at + 1] as number) * (1 - alpha) + colour[1] * alpha
  pixels[at + 2] = (pixels[at + 2] as number) * (1 - alpha) + colour[2] * alpha
}

/** Blends a colour over a rectangle with rounded, smooth corners. @param radius - Pixels. */
export function blendRounded(
  canvas: Canvas,
  area: Rectangle,
  radius: number,
  colour: Colour,
  alpha = 1,
): void {
  for (let y = 0; y < area.height; y++) {
    for (let x = 0; x < area.width; x++) {
      const cover = coverage(x, y, area, radius)
      if (cover > 0) blendPixel(canvas, area.x + x, area.y + y, colour, alpha * cover)
    }
  }
}

/** The part of a pixel that lies inside a rounded rectangle, 0 to 1. */
function coverage(x: number, y: number, { width, height }: Rectangle, radius: number): number {
  const dx = Math.max(radius - x - 0.5, x + 0.5 - (width - radius), 0)
  const dy = Math.max(radius - y - 0.5, y + 0.5 - (height - radius), 0)
  if (dx === 0 || dy === 0) return 1
  return Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)))
}
