import { OptionError } from '@zcast/shared'

/** The positions of an array that a client takes: every `step`-th from `first` on. */
export interface Selection {
  readonly name: 'even' | 'odd' | 'all'
  readonly first: 0 | 1
  readonly step: 1 | 2
}

/** The selections of the numbered clients: 1 the even positions (0, 2, 4), 2 the odd ones (1, 3, 5), 3 all. */
const SELECTIONS: readonly Selection[] = [
  { name: 'even', first: 0, step: 2 },
  { name: 'odd', first: 1, step: 2 },
  { name: 'all', first: 0, step: 1 },
]

/**
 * Finds the selection of a client by its number or name: `1` or `even`, `2` or `odd`, `3` or `all`.
 *
 * @throws {@link OptionError} `ERR_OPTION` when there is no such client.
 */
export function findSelection(client: string): Selection {
  const selection = SELECTIONS.find(({ name }, index) => client === name || client === String(index + 1))
  if (selection) return selection
  throw new OptionError(`there is no client "${client}": choose 1 (even), 2 (odd) or 3 (all)`)
}

/** The number of the client that selects this. */
export function clientNumber(selection: Selection): number {
  return SELECTIONS.indexOf(selection) + 1
}
