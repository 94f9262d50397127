/** The longest name, in bytes: with a number, it still fits every file system. */
const MAX_NAME_BYTES = 200
/** A longer end after the last point is no extension, and is cut like the rest. */
const MAX_EXTENSION_BYTES = 16
const NAMELESS = 'video'

/** Devices on Windows, whatever follows the first point. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?=\.|$)/i

/**
 * Makes a name from elsewhere safe as that of a file, on every system: its last part alone, one line, without control
 * characters, leading points and what Windows refuses, of at most 200 bytes, its extension kept.
 *
 * @param number - From 2 on, added to the name: `clip (2).mp4`.
 */
export function safeFileName(name: string, number = 1): string {
  const clean = clip(name)
    .replace(/^.*[/\\]/s, '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/[<>:"|?*]/g, '_')
    // ffmpeg would read other files for these.
    .replaceAll(/%(?=[[\]{}])/g, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '')
    .replace(RESERVED, '_$&')
  const [stem, extension] = split(clean === '' ? NAMELESS : clean)
  const end = number > 1 ? ` (${number})${extension}` : extension
  return `${cut(stem, MAX_NAME_BYTES - Buffer.byteLength(end))}${end}`
}

/** A name of a megabyte need not be looked at whole: its end decides. */
function clip(name: string): string {
  return name.slice(-4096).normalize('NFC')
}

function split(name: string): readonly [stem: string, extension: string] {
  const at = name.lastIndexOf('.')
  const extension = at > 0 ? name.slice(at) : ''
  return Buffer.byteLength(extension) > MAX_EXTENSION_BYTES
    ? [name, '']
    : [name.slice(0, name.length - extension.length), extension]
}

function cut(text: string, maxBytes: number): string {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) return text.slice(0, end).trimEnd()
    end += character.length
  }
  return text
}
