/** Group and others. */
const OTHERS = 0o077

/**
 * Whether others than the owner of a file may read or change it; `false` on Windows, which has no such permissions: what
 * Node says of them there means nothing.
 *
 * @param mode - As `stat` tells it.
 */
export function isExposed(mode: number): boolean {
  return process.platform !== 'win32' && (mode & OTHERS) !== 0
}
