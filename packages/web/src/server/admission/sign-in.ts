import { ONE_TIME_PARAMETER } from './one-time-codes.ts'
import { sendBytes, sendRefusal, type Exchange } from '../exchange.ts'
import { isForeignLink } from './request-origin.ts'

/** The appearance of the sign-in page. */
export interface SignInLook {
  readonly title: string
  /** Stylesheets beside the pages, which are open to everybody. */
  readonly stylesheets: readonly string[]
}

/** What is in a page's address only until it is opened. */
const SECRET_PARAMETERS = ['token', ONE_TIME_PARAMETER]

/**
 * Moves the token, or the code in its place, from a page's address, where it would be visible and kept in the history,
 * into a cookie.
 *
 * A browser that came by a link from elsewhere would follow a redirect without a `SameSite=Strict` cookie: for it the
 * whole chain started elsewhere. A page that reloads itself starts here.
 */
export function signIn(exchange: Exchange, cookie: string, look: SignInLook): void {
  const { request, response, url } = exchange
  const clean = new URL(url)
  for (const name of SECRET_PARAMETERS) clean.searchParams.delete(name)
  // Relative to the page itself, because a proxy may have added a path.
  const location = `./${clean.pathname.slice(clean.pathname.lastIndexOf('/') + 1)}${clean.search}`
  response.setHeader('Set-Cookie', cookie)
  const site = request.headers['sec-fetch-site']
  if (wantsPage(exchange) && site !== 'none' && site !== 'same-origin')
    return reload(exchange, location, look)
  response.writeHead(303, { Location: location, 'Content-Length': 0 }).end()
}

/** Why somebody is not let in. */
export interface SignInFault {
  /** For a program. */
  readonly reason: string
  /** For a person: what was wrong with what they brought, if they brought something. */
  readonly fault?: string | undefined
}

/** Asks a person for the token; a program gets the same in one sentence. */
export function askForToken(exchange: Exchange, { reason, fault }: SignInFault, look: SignInLook): void {
  if (!wantsPage(exchange)) return sendRefusal(exchange, 401, reason)
  const { request, url } = exchange
  // An existing cookie is not sent with a link from elsewhere, but with a reload.
  if (fault === undefined && isForeignLink(request.headers))
    return reload(exchange, `./${url.pathname.slice(1)}${url.search}`, look, 401)
  const kept = [...url.searchParams].filter(([name]) => !SECRET_PARAMETERS.includes(name))
  const hidden = kept.map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  const marks = fault === undefined ? '' : ' aria-invalid="true" aria-describedby="fault"'
  const body = [
    '<main class="sign-in"><form>',
    `<h1>${escapeHtml(look.title)}</h1>`,
    '<p>This page needs a token. Whoever started it has it.</p>',
    fault === undefined ? '' : `<p id="fault" class="fault" role="alert">${escapeHtml(fault)}</p>`,
    `<label for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" autocapitalize="none" spellcheck="false" required autofocus${marks}>`,
    ...hidden,
    '<button type="submit">Open</button>',
    '</form></main>',
  ]
  sendPage(exchange, 401, body.join(''), look)
}

/** Makes text safe inside an element and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] as string)
}

function wantsPage({ request }: Exchange): boolean {
  return request.headers.accept?.includes('text/html') === true
}

function reload(exchange: Exchange, location: string, look: SignInLook, status = 200): void {
  const refresh = `<meta http-equiv="refresh" content="0; url=${escapeHtml(location)}">`
  const body = `${refresh}<main class="sign-in"><p><a href="${escapeHtml(location)}">Continue</a></p></main>`
  sendPage(exchange, status, body, look)
}

function sendPage(exchange: Exchange, status: number, body: string, look: SignInLook): void {
  const links = look.stylesheets.map((name) => `<link rel="stylesheet" href="${escapeHtml(name)}">`)
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
    '<meta name="color-scheme" content="dark light">',
    `<title>${escapeHtml(look.title)}</title>`,
    ...links,
  ]
  const html = `<!doctype html><html lang="en"><head>${head.join('')}</head><body>${body}</body></html>`
  sendBytes(exchange, 'text/html; charset=utf-8', Buffer.from(html), {}, status)
}
