import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'

const PIXELS = 8

/** Why no QR code can be read here, or `undefined` where one can. */
export function whyNoQrReader(): string | undefined {
  return spawnSync('zbarimg', ['--version']).status === 0
    ? undefined
    : 'there is no zbarimg to read a QR code with (apt install zbar-tools)'
}

/** Reads a QR code that was drawn in half blocks, with a program that knows nothing of how it was drawn. */
export async function readQrCode(lines: readonly string[]): Promise<string> {
  const rows = lines.flatMap((line) => [
    Array.from(line, (block) => '▀█'.includes(block)),
    Array.from(line, (block) => '▄█'.includes(block)),
  ])
  const width = Math.max(...rows.map((row) => row.length))
  const pixels = Buffer.from(
    rows.flatMap((row) => Array.from({ length: width }, (_, at) => (row[at] ? 255 : 0))),
  )
  const folder = mkdtempSync(join(tmpdir(), 'zcast-qr-'))
  try {
    const file = join(folder, 'code.png')
    await sharp(pixels, { raw: { width, height: rows.length, channels: 1 } })
      .resize(width * PIXELS, rows.length * PIXELS, { kernel: 'nearest' })
      .png()
      .toFile(file)
    // It complains on stderr that it has no camera.
    return execFileSync('zbarimg', ['--quiet', '--raw', file], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
