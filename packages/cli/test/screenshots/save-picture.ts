import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const FOLDER = new URL('../../../../docs/images/', import.meta.url)
/** A README is read on a page of about this width. */
const MAX_WIDTH = 1280

/** Saves a screenshot for the docs, small: few colours, and no more pixels than are looked at. */
export async function savePicture(name: string, png: Uint8Array, width: number): Promise<void> {
  const image = sharp(png).resize({ width: Math.min(width, MAX_WIDTH) })
  const file = fileURLToPath(new URL(`${name}.png`, FOLDER))
  const { size } = await image.png({ palette: true, quality: 90, effort: 10 }).toFile(file)
  console.log(`${name}.png: ${Math.round(size / 1024)} KiB`)
}
