import type { CaptureOptions } from '@zcast/shared/media'

/**
 * Tells ffmpeg a URL on its standard input, as a list of one entry: what is secret in it then shows in no list of
 * processes.
 *
 * @param protocols - What may be opened, separated by commas.
 * @param formats - What that may turn out to be, by ffmpeg's names.
 */
export function toldOnStandardInput(
  url: URL,
  protocols: string,
  formats: string,
): Pick<CaptureOptions, 'input' | 'inputOptions' | 'feed'> {
  const whitelists = ['-protocol_whitelist', `pipe,${protocols}`, '-format_whitelist', `concat,${formats}`]
  return {
    input: 'pipe:0',
    inputOptions: ['-f', 'concat', '-safe', '0', ...whitelists],
    feed: `ffconcat version 1.0\nfile '${url.href.replaceAll("'", '%27')}'\n`,
  }
}
