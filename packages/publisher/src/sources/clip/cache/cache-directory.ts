import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** The environment that {@link cacheDirectory} reads; replaced in tests. */
export interface CacheEnvironment {
  readonly platform: NodeJS.Platform
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly home: string
}

/**
 * The folder for encoded clips: `zcast/clips` in the user's cache directory, which is `XDG_CACHE_HOME` or `~/.cache`,
 * `~/Library/Caches` on macOS, `LOCALAPPDATA` on Windows. Absolute; it need not exist.
 */
export function cacheDirectory(environment: CacheEnvironment = systemEnvironment()): string {
  const { platform, variables, home } = environment
  // The XDG specification says to ignore relative paths.
  const given = (name: string): string | undefined => {
    const path = variables[name]
    return path !== undefined && isAbsolute(path) ? path : undefined
  }
  if (platform === 'win32')
    return join(given('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'zcast', 'clips')
  const base =
    given('XDG_CACHE_HOME') ??
    (platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache'))
  return join(base, 'zcast', 'clips')
}

function systemEnvironment(): CacheEnvironment {
  return { platform: process.platform, variables: process.env, home: homedir() }
}
