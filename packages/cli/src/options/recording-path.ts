import { extname } from 'node:path'
import { statSync } from 'node:fs'

/**
 * True for a word that names a recording where a topic or a client may stand: it ends in `.mcap`, or is a folder that is
 * named as a path, such as `flights/`, `./flights` or `/data/flights`.
 */
export function isRecordingPath(word: string): boolean {
  if (extname(word).toLowerCase() === '.mcap') return true
  // A topic such as video/main may be the name of a folder, too.
  return /^(\.{0,2}\/)|\/$/.test(word) && !/^[a-z0-9@]+\/$/.test(word)
    ? (statSync(word, { throwIfNoEntry: false })?.isDirectory() ?? false)
    : false
}
