import { sendBytes, sendRefusal, type Exchange } from './exchange.ts'

/**
 * Takes the token out of a page's address, where it would be seen and kept in the history, into a cookie.
 *
 * A browser that came by a link from elsewhere would follow a redirect without a `SameSite=Strict` cookie: to it the
 * whole chain began elsewhere. A page that reloads itself begins here.
 */
export function signIn(exchange: Exchange, cookie: string): void {
  const { request, response, url } = exchange
  const clean = new URL(url)
  clean.searchParams.delete('token')
  const location = `${clean.pathname}${clean.search}`
  response.setHeader('Set-Cookie', `${cookie}; Path=/; HttpOnly; SameSite=Strict`)
  const site = request.headers['sec-fetch-site']
  const isBrowser = request.headers.accept?.includes('text/html') === true
  if (isBrowser && site !== 'none' && site !== 'same-origin') {
    const refresh = `<meta http-equiv="refresh" content="0; url=${escapeHtml(location)}">`
    sendPage(exchange, 200, `${refresh}<p><a href="${escapeHtml(location)}">Continue</a></p>`)
    return
  }
  response.writeHead(303, { Location: location, 'Content-Length': 0 }).end()
}

/** Asks a person for the token; to a program it says the same in one sentence. */
export function askForToken(exchange: Exchange, reason: string): void {
  if (exchange.request.headers.accept?.includes('text/html') !== true) {
    sendRefusal(exchange, 401, reason)
    return
  }
  const field =
    '<label>Token <input name="token" type="password" autocomplete="current-password" autofocus required></label>'
  sendPage(exchange, 401, `<h1>This page needs a token</h1><form>${field} <button>Open</button></form>`)
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

function sendPage(exchange: Exchange, status: number, body: string): void {
  const head =
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="dark light">'
  const html = `<!doctype html><html lang="en"><head>${head}<title>zcast</title></head><body>${body}</body></html>`
  exchange.response.statusCode = status
  if (status === 200) sendBytes(exchange, 'text/html; charset=utf-8', Buffer.from(html))
  else
    exchange.response
      .writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' })
      .end(exchange.headOnly ? undefined : html)
}
