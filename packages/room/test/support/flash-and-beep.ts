import type { Frame, SoundBlock } from '@zcast/shared'
import { decodeJpeg } from '@zcast/media'
import { ffmpeg } from '@zcast/testing/pictures/generate-clip'

/** A film of 12 s whose picture is white, and whose sound beeps, for the first 0.1 s of each second. */
export async function flashAndBeep(path: string): Promise<string> {
  const picture = "nullsrc=s=64x48:r=25,geq=lum='if(lt(mod(T,1),0.099),235,16)':cb=128:cr=128"
  const sound = "aevalsrc='if(lt(mod(t,1),0.1),0.5*sin(2*PI*1000*t),0)':s=44100"
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-t', '12']
  await ffmpeg(...inputs, '-c:v', 'libx264', '-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path)
  return path
}

/** Pictures that are further apart are not one after the other. */
const MOST_APART_S = 0.06

/** When flashes began after a time; those before which a picture is missing may have begun earlier, and are left out. */
export async function flashesOf(pictures: readonly Frame[], after: number): Promise<number[]> {
  const flashes: number[] = []
  let wasWhite: boolean | undefined
  let before = 0
  for (const { time, data } of pictures) {
    if (time <= after) continue
    const { pixels } = await decodeJpeg(data)
    const isWhite = (pixels.at(0) ?? 0) > 128
    if (isWhite && wasWhite === false && time - before < MOST_APART_S) flashes.push(time)
    wasWhite = isWhite
    before = time
  }
  return flashes
}

/** When beeps began after a time. */
export function beepsOf(sound: readonly SoundBlock[], after: number): number[] {
  const beeps: number[] = []
  let heardAt = -Infinity
  for (const { time, rate, channels, data } of sound) {
    const bytes = Buffer.from(data)
    for (let sample = 0; sample < bytes.length / 2; sample += channels) {
      if (Math.abs(bytes.readInt16LE(sample * 2)) < 2000) continue
      const at = time + sample / channels / rate
      if (at - heardAt > 0.3) beeps.push(at)
      heardAt = at
    }
  }
  return beeps.filter((time) => time > after)
}
