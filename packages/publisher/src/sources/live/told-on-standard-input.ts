import type { CaptureOptions } from '@zcast/shared/media'

/**
 * Tells ffmpeg a URL on its standard input, as a list of one entry: what is secret in it then shows in no list of
 * processes.
 *
 * @param protocols - What may be opened, separated by commas.
 */
export function toldOnStandardInput(
  url: URL,
  protocols: string,
): Pick<CaptureOptions, 'input' | 'inputOptions' | 'feed'> {
  return {
    input: 'pipe:0',
    inputOptions: ['-f', 'concat', '-safe', '0', '-protocol_whitelist', `pipe,${protocols}`],
    feed: `ffconcat version 1.0\nfile '${url.href.replaceAll("'", '%27')}'\n`,
  }
}
