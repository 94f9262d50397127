import type { Rectangle } from './canvas.ts'
import { GLYPH_HEIGHT, textColumns } from './font.ts'
import type { TextPlace } from './text.ts'

/** The positions of everything in the test pattern, in pixels. */
export interface PatternLayout {
  readonly width: number
  readonly height: number
  /** 1 in a picture of 640x360. */
  readonly unit: number
  /** The panel behind the clock, the sweep and the counter. */
  readonly panel: Rectangle
  /** The radius of the panel's corners. */
  readonly radius: number
  readonly clock: TextPlace
  /** Characters of the clock. */
  readonly clockLength: number
  /** The track along which a light moves once a second. */
  readonly track: Rectangle
  readonly counter: TextPlace
  /** The name at the left, and at the same height the size and rate at the right. */
  readonly title: TextPlace
  readonly bars: Rectangle
  readonly ramp: Rectangle
}

const CLOCK_LENGTH = 'hh:mm:ss.mmm'.length
const COUNTER_LENGTH = 'FRAME 0000000'.length

/** Computes the layout for a size; any size from 160x90 is filled sensibly. */
export function layOutPattern(width: number, height: number): PatternLayout {
  const unit = Math.min(width / 640, height / 360)
  const pixels = (units: number): number => Math.max(1, Math.round(units * unit))

  const clockScale = pixels(6.6)
  const clockWidth = textColumns('0'.repeat(CLOCK_LENGTH)) * clockScale
  const counterScale = pixels(3.2)
  const counterWidth = textColumns('0'.repeat(COUNTER_LENGTH)) * counterScale
  const [padding, gap, trackHeight] = [pixels(20), pixels(15), pixels(6)]

  const panelWidth = Math.min(width, clockWidth + 2 * padding)
  const panelHeight = (clockScale + counterScale) * GLYPH_HEIGHT + trackHeight + 2 * gap + 2 * padding
  const x = Math.round((width - panelWidth) / 2)
  const y = Math.round(height * 0.43 - panelHeight / 2)
  const clock = { x: Math.round((width - clockWidth) / 2), y: y + padding, scale: clockScale }
  const trackY = clock.y + clockScale * GLYPH_HEIGHT + gap
  const margin = pixels(20)
  const barsY = Math.round(height * 0.8)
  return {
    width,
    height,
    unit,
    panel: { x, y, width: panelWidth, height: panelHeight },
    radius: pixels(14),
    clock,
    clockLength: CLOCK_LENGTH,
    track: { x: clock.x, y: trackY, width: clockWidth, height: trackHeight },
    counter: {
      x: Math.round((width - counterWidth) / 2),
      y: trackY + trackHeight + gap,
      scale: counterScale,
    },
    title: { x: margin, y: pixels(16), scale: pixels(2) },
    bars: { x: margin, y: barsY, width: width - 2 * margin, height: pixels(36) },
    ramp: { x: margin, y: barsY + pixels(36), width: width - 2 * margin, height: pixels(14) },
  }
}
