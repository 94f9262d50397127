import { X509Certificate } from 'node:crypto'
import type { Writable } from 'node:stream'
import { isLoopbackHost, otherCharset } from '@zcast/shared/internal'
import type { CommandContext } from '../command-context.ts'
import { isColoured } from '../process/colour.ts'
import { drawQrCode } from './qr-code.ts'

/** A page that is open. */
export interface OpenPage {
  readonly address: string
  /** The address with a code in place of the token. */
  oneTimeAddress(): string
}

/** How a page is served. */
export interface PageTls {
  /** Its certificate, PEM. */
  readonly cert: string
}

const ONCE = 'opens the page once, within 10 minutes; after that the token does'

/**
 * Says where a page is. A person at a terminal gets a link that needs no token, and a QR code where a phone can reach
 * the page. Elsewhere the plain address is printed: a link that opens something has no place in a file or a journal.
 * With `--json`, standard output is for the program that reads it.
 */
export function announcePage(
  context: Pick<CommandContext, 'json' | 'quiet' | 'status' | 'output'>,
  page: OpenPage,
  tls?: PageTls,
): void {
  if (context.json) return context.status(`watch at ${page.address}`)
  if (context.quiet) return
  if (tls) context.status(describeCertificate(tls))
  const { output } = context
  if (!isTerminal(output)) return void output.write(`watch at ${page.address}\n`)
  const link = page.oneTimeAddress()
  const needsToken = link !== page.address
  const code = isLoopbackHost(new URL(page.address).hostname) ? [] : qrCodeFor(page.oneTimeAddress(), output)
  const lines = [`watch at ${link}`, ...code]
  if (needsToken) lines.push(code.length > 0 ? `the link and the code: each ${ONCE}` : `this link ${ONCE}`)
  output.write(`${lines.join('\n')}\n`)
}

/** What a person compares with what their browser shows, before they trust it. */
export function describeCertificate({ cert }: PageTls): string {
  return `certificate SHA-256 ${new X509Certificate(cert).fingerprint256}`
}

interface Terminal extends Writable {
  readonly columns?: number
  readonly rows?: number
}

function isTerminal(output: Writable): output is Terminal {
  return 'isTTY' in output && output.isTTY === true
}

/** Nothing where the terminal cannot show a code whole. */
function qrCodeFor(address: string, output: Terminal): readonly string[] {
  const { columns = 0, rows = 0 } = output
  if (process.env['TERM'] === 'dumb' || otherCharset(process.env)) return []
  const { width, lines } = drawQrCode(address, isColoured(output))
  return width < columns && lines.length + 2 < rows ? lines : []
}
