/** Group and others. */
const OTHERS = 0o077

/**
 * True when others than the owner may read or change a file; `false` on Windows, which has no such permissions, so that
 * Node's values mean nothing there.
 *
 * @param mode - As returned by `stat`.
 */
export function isExposed(mode: number): boolean {
  return process.platform !== 'win32' && (mode & OTHERS) !== 0
}
