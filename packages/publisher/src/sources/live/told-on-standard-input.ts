import type { CaptureOptions, Ffmpeg } from '@zcast/shared/media'

/** What {@link toldOnStandardInput} allows, and asks for. */
export interface ToldOptions {
  /** Protocols that may be opened, separated by commas. */
  readonly protocols: string
  /** What may come, by ffmpeg's names of formats, separated by commas. */
  readonly formats: string
  /** Options of the format, for an ffmpeg that takes them in a list. */
  readonly options: Readonly<Record<string, string>>
}

/** True when an ffmpeg knows options in a list, as releases from 5.0 on do. */
export function takesListOptions({ bundled, version }: Ffmpeg): boolean {
  const release = /^n?(\d+)\./.exec(version)?.[1]
  return !bundled && (release === undefined || Number(release) >= 5)
}

/**
 * Tells ffmpeg a URL on its standard input, as a list of one entry: what is secret in it then shows in no list of
 * processes.
 */
export function toldOnStandardInput(
  url: URL,
  ffmpeg: Ffmpeg,
  { protocols, formats, options }: ToldOptions,
): Pick<CaptureOptions, 'input' | 'inputOptions' | 'feed'> {
  const whitelists = ['-protocol_whitelist', `pipe,${protocols}`, '-format_whitelist', `concat,${formats}`]
  const lines = takesListOptions(ffmpeg) ? Object.entries(options) : []
  const told = lines.map(([name, value]) => `option ${name} ${value}\n`).join('')
  return {
    input: 'pipe:0',
    inputOptions: ['-f', 'concat', '-safe', '0', ...whitelists],
    feed: `ffconcat version 1.0\nfile '${url.href.replaceAll("'", '%27')}'\n${told}`,
  }
}
