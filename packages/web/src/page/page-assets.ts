import { readFile } from 'node:fs/promises'
import { escapeHtml } from '../server/sign-in.ts'
import { sendText } from '../server/exchange.ts'
import { type WebServer } from '../server/web-server.ts'

/** Beside `src` and `dist`, so the same relative path works from both. */
const FOLDER = new URL('../../assets/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
}

const SIGN_IN_FILES = ['theme.css', 'sign-in.css']
/** The files that every page loads. */
const SHARED_FILES = [
  ...SIGN_IN_FILES,
  'favicon.svg',
  'address.js',
  'live-socket.js',
  'request-socket.js',
  'picture-stream.js',
  'notices.js',
  'notices.css',
]

/** Serves a page at `/`, with its title inserted, and the files it loads under their own names. */
export async function servePage(
  server: WebServer,
  page: string,
  title: string,
  files: readonly (string | URL)[],
): Promise<void> {
  const html = await readAsset(page)
  const titled = html.replaceAll('{{title}}', () => escapeHtml(title))
  server.styleSignIn({ title, stylesheets: SIGN_IN_FILES })
  server.route('/', (exchange) => sendText(exchange, TYPES['html'] as string, titled), { page: true })
  for (const file of [...SHARED_FILES, ...files]) {
    const text = await readAsset(file)
    const name = String(file).replace(/^.*\//, '')
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain'
    server.route(`/${name}`, (exchange) => sendText(exchange, type, text), { asset: true })
  }
}

function readAsset(file: string | URL): Promise<string> {
  return readFile(new URL(file, FOLDER), 'utf8')
}
