const CUBE_LEVELS = [0, 95, 135, 175, 215, 255]
const CUBE_STEP_OF = Uint8Array.from({ length: 256 }, (_, value) => nearestStep(value))

/**
 * The index of the nearest colour in the 6x6x6 cube (16 to 231) and the grey ramp (232 to 255). The first sixteen are
 * left out: each user's theme redefines them.
 */
export function nearestOf256(red: number, green: number, blue: number): number {
  const steps = [
    CUBE_STEP_OF[red] as number,
    CUBE_STEP_OF[green] as number,
    CUBE_STEP_OF[blue] as number,
  ] as const
  const [r, g, b] = steps.map((step) => CUBE_LEVELS[step] as number) as [number, number, number]
  const greyStep = Math.min(Math.max(Math.round(((red + green + blue) / 3 - 8) / 10), 0), 23)
  const grey = 8 + greyStep * 10
  const ofCube = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2
  const ofGrey = (red - grey) ** 2 + (green - grey) ** 2 + (blue - grey) ** 2
  return ofGrey < ofCube ? 232 + greyStep : 16 + steps[0] * 36 + steps[1] * 6 + steps[2]
}

function nearestStep(value: number): number {
  let best = 0
  for (let step = 1; step < CUBE_LEVELS.length; step++) {
    const distance = Math.abs((CUBE_LEVELS[step] as number) - value)
    if (distance < Math.abs((CUBE_LEVELS[best] as number) - value)) best = step
  }
  return best
}
