import { TextDecoder } from 'node:util'

/**
 * Passes bytes on as UTF-8. Text that begins with the mark of UTF-16, as PowerShell's `>` writes it, is translated;
 * everything else stays as it is.
 */
export async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined
  let held: Uint8Array | undefined
  let hasBegun = false
  for await (const chunk of chunks) {
    const bytes = held ? Buffer.concat([held, chunk]) : chunk
    held = undefined
    if (!hasBegun) {
      // Half a mark says nothing yet; no text begins with either half.
      if (bytes.length < 2 && (bytes[0] === 0xff || bytes[0] === 0xfe || bytes.length === 0)) {
        held = bytes
        continue
      }
      hasBegun = true
      decoder = decoderOf(bytes)
    }
    yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true })) : bytes
  }
  if (held) yield held
  if (decoder) yield Buffer.from(decoder.decode())
}

function decoderOf([first, second]: Uint8Array): TextDecoder | undefined {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le')
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be')
  return undefined
}
