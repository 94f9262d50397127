/**
 * Converts CMYK to RGB as browsers and OpenCV do for a picture without a colour profile: each channel is what its ink
 * and the black leave.
 *
 * @param inks - Cyan, magenta, yellow and black of each pixel; 255 is full ink.
 * @returns RGB, 8 bits each.
 */
export function inksToRgb(inks: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3)
  for (let from = 0, to = 0; from < inks.length; from += 4, to += 3) {
    const light = 255 - (inks[from + 3] as number)
    rgb[to] = ((255 - (inks[from] as number)) * light) / 255 + 0.5
    rgb[to + 1] = ((255 - (inks[from + 1] as number)) * light) / 255 + 0.5
    rgb[to + 2] = ((255 - (inks[from + 2] as number)) * light) / 255 + 0.5
  }
  return rgb
}
