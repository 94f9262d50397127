import type { IncomingMessage } from 'node:http'

/** What a request to another server asks of the part that is ours. */
export type MountedTarget =
  /** The path and query as if this part were the whole server. */
  | { readonly target: string }
  /** The request is for the part as such, without the slash behind it that its relative links need. */
  | { readonly redirect: string }
  /** The request is for another part. */
  | undefined

/**
 * Finds out what a request is for, where our part lies below a path.
 *
 * @param path - Where it lies, such as `/cam/`; `/` where the framework has taken the path off the request's `url`, as
 *   Express does for `app.use('/cam', ...)`.
 */
export function readMountedTarget(request: IncomingMessage, path: string): MountedTarget {
  const { url = '/' } = request
  // Express, Connect and Fastify's middleware keep what was asked for here.
  const original = 'originalUrl' in request ? String(request.originalUrl) : url
  if (path === '/') return url.startsWith('/?') || url === '/' ? atRoot(url, original) : { target: url }
  const [asked = ''] = original.split('?', 1)
  const rest = original.slice(asked.length)
  if (asked === path.slice(0, -1)) return redirect(asked, rest)
  return asked.startsWith(path) ? { target: `/${asked.slice(path.length)}${rest}` } : undefined
}

function atRoot(url: string, original: string): MountedTarget {
  const [asked = ''] = original.split('?', 1)
  return asked.endsWith('/') ? { target: url } : redirect(asked, original.slice(asked.length))
}

/** Relative, for a proxy may have put a further path before it. */
function redirect(asked: string, rest: string): MountedTarget {
  return { redirect: `./${asked.slice(asked.lastIndexOf('/') + 1)}/${rest}` }
}
