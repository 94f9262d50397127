import { readdir, readFile } from 'node:fs/promises'
import { escapeHtml } from '../server/admission/sign-in.ts'
import { sendText } from '../server/exchange.ts'
import { type WebServer } from '../server/web-server.ts'

/** Beside `src` and `dist`, so the same relative path works from both. */
const FOLDER = new URL('../../assets/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
}

/** What the page that asks for the token loads, besides the pages. */
const SIGN_IN_FILES = ['theme.css', 'sign-in.css']
/** What every page loads, whichever it is. */
const SHARED = { files: [...SIGN_IN_FILES, 'favicon.svg'], folders: ['page', 'stream', 'sound'] }

/** Which page is served, and what it loads. */
export interface PageFiles {
  /** Its HTML, in the folder of the assets. */
  readonly html: string
  /** Folders of the assets; all that is in them, and in folders in them, is served. */
  readonly folders: readonly string[]
  /** Further files, from anywhere, under their last name. */
  readonly files?: readonly URL[]
}

/** Serves a page at `/`, with its title inserted, and the files it loads under their own names. */
export async function servePage(server: WebServer, title: string, page: PageFiles): Promise<void> {
  const html = await readAsset(page.html)
  const titled = html.replaceAll('{{title}}', () => escapeHtml(title))
  server.styleSignIn({ title, stylesheets: SIGN_IN_FILES })
  server.route('/', (exchange) => sendText(exchange, 'text/html', titled), { page: true })
  const inFolders = await Promise.all([...SHARED.folders, ...page.folders].map(listFolder))
  for (const file of [...SHARED.files, ...(page.files ?? []), ...inFolders.flat()]) {
    const type = TYPES[/\.(\w+)$/.exec(String(file))?.[1] ?? '']
    if (type === undefined) continue
    const text = await readAsset(file)
    const path = typeof file === 'string' ? file : file.pathname.replace(/^.*\//, '')
    server.route(`/${path}`, (exchange) => sendText(exchange, type, text), { asset: true })
  }
}

async function listFolder(folder: string): Promise<readonly string[]> {
  const names = await readdir(new URL(`${folder}/`, FOLDER), { recursive: true })
  return names.map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
}

function readAsset(file: string | URL): Promise<string> {
  return readFile(new URL(file, FOLDER), 'utf8')
}
