/** The next larger number: what is read from there does not begin with what came at that moment. */
export function justAfter(moment: number): number {
  return moment + 2 ** (Math.floor(Math.log2(moment)) - 52)
}
