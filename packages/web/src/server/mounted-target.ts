import type { IncomingMessage } from 'node:http'

/** The target within the mounted part of a request to another server. */
export type MountedTarget =
  /** The path and query as if this part were the whole server. */
  | { readonly target: string }
  /** The request is for the part itself, without the trailing slash that its relative links need. */
  | { readonly redirect: string }
  /** The request is for another part. */
  | undefined

/**
 * Finds the target of a request when our part is mounted below a path.
 *
 * @param path - The mount path, such as `/cam/`; `/` when the framework has removed the path from the request's `url`,
 *   as Express does for `app.use('/cam', ...)`.
 */
export function readMountedTarget(request: IncomingMessage, path: string): MountedTarget {
  const { url = '/' } = request
  // Middleware of Express, Connect and Fastify keeps the original URL here.
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

/** Relative, because a proxy may have added a further path before it. */
function redirect(asked: string, rest: string): MountedTarget {
  return { redirect: `./${asked.slice(asked.lastIndexOf('/') + 1)}/${rest}` }
}
