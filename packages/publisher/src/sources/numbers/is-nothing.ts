/** Lines that are empty, of NULs as some devices send, or comments. */
// oxlint-disable-next-line no-control-regex -- finding NULs is the purpose
const NOTHING = /^[\s\0]*(#(?!N\/A)|$)/

/** True for a line that is no row, and nothing to complain of. */
export function isNothing(line: string): boolean {
  return NOTHING.test(line)
}
