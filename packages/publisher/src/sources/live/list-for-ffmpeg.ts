import type { Ffmpeg } from '@zcast/media'

/** True when an ffmpeg supports options in a list, as releases from 5.0 on do. */
export function takesListOptions({ bundled, version }: Ffmpeg): boolean {
  const release = /^n?(\d+)\./.exec(version)?.[1]
  return !bundled && (release === undefined || Number(release) >= 5)
}

/**
 * A list of one URL, to be given to ffmpeg on its standard input: secrets in the URL then appear in no process list.
 *
 * @param options - Options of the format, for an ffmpeg that supports them in a list.
 */
export function listForFfmpeg(url: URL, ffmpeg: Ffmpeg, options: Readonly<Record<string, string>>): string {
  const lines = takesListOptions(ffmpeg) ? Object.entries(options) : []
  const told = lines.map(([name, value]) => `option ${name} ${value}\n`).join('')
  return `ffconcat version 1.0\nfile '${url.href.replaceAll("'", '%27')}'\n${told}`
}
