import type { Ffmpeg } from '@zcast/media'
import { type Finding, fine, problem, warning } from '../finding.ts'

/** The oldest release that zcast is tried with. */
const LEAST_MAJOR = 4

/** What is found of ffmpeg on this machine. */
export interface FfmpegTools {
  readonly ffmpeg: Ffmpeg
  /** The path of ffplay, which shows windows and plays sound; `undefined` when there is none. */
  readonly ffplay: string | undefined
}

/** Checks that there is an ffmpeg, and what it can do. @param find - Throws where there is none. */
export async function* checkFfmpeg(
  find: () => Promise<FfmpegTools> = findTools,
): AsyncGenerator<Finding, void> {
  const tools = await find().catch(() => undefined)
  if (!tools) {
    yield problem(
      'ffmpeg-missing',
      'there is no ffmpeg that runs on this machine, so that neither clips nor cameras can be published',
      'install ffmpeg so that it is in PATH',
    )
    return
  }
  const { path, version, bundled, hasZscale, hasTonemap, hasLibvpx } = tools.ffmpeg
  const missing = [
    ...(hasZscale ? [] : ['zscale (colours are converted more slowly)']),
    ...(hasTonemap ? [] : ['tonemap (HDR looks pale)']),
    ...(hasLibvpx ? [] : ['libvpx (WebM is not transparent)']),
    ...(tools.ffplay === undefined ? ['ffplay (no windows, no sound without a page)'] : []),
  ]
  const sentence = `ffmpeg ${version} at ${path}${bundled ? ', installed by npm because the system has none that runs' : ''}${missing.length === 0 ? ', with all that zcast uses' : `, without ${missing.join(', ')}`}`
  const measurement = {
    path,
    version,
    bundled,
    hasZscale,
    hasTonemap,
    hasLibvpx,
    ffplay: tools.ffplay ?? null,
  }
  const major = Number(/^n?(\d+)\./.exec(version)?.[1] ?? LEAST_MAJOR)
  if (major >= LEAST_MAJOR) yield fine('ffmpeg', sentence, measurement)
  else
    yield warning(
      'ffmpeg-old',
      sentence,
      `zcast is not tried with it: install ffmpeg ${LEAST_MAJOR} or later`,
      measurement,
    )
}

async function findTools(): Promise<FfmpegTools> {
  const { findFfmpeg, findFfplay } = await import('@zcast/media')
  const [ffmpeg, ffplay] = await Promise.all([findFfmpeg(), findFfplay(process.env['PATH'] ?? '')])
  return { ffmpeg, ffplay }
}
