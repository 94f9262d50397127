import type { Account } from '../accounts.ts'

/** The name of the metadata record with all accounts, at the end of a recording. */
export const ACCOUNTS = 'zcast.accounts'

/** The name of those between, once a second, with the accounts that have changed. */
export const RUNNING_ACCOUNTS = 'zcast.accounts.running'

/** The name of the one at the beginning of a file that goes on from others, with the accounts up to there. */
export const EARLIER_ACCOUNTS = 'zcast.accounts.before'

/** The entries of a metadata record: one for each topic and epoch. */
export function encodeAccounts(accounts: readonly Account[]): Map<string, string> {
  return new Map(
    accounts.map(({ topic, epoch, from, to, ...counts }) => [
      `${topic} ${epoch}`,
      JSON.stringify({ ...counts, from: String(from), to: String(to) }),
    ]),
  )
}

/** Reads what {@link encodeAccounts} wrote; entries of another form are left out. */
export function decodeAccounts(entries: ReadonlyMap<string, string>): readonly Account[] {
  return [...entries].flatMap(([key, text]) => {
    const account = decodeAccount(key, text)
    return account ? [account] : []
  })
}

function decodeAccount(key: string, text: string): Account | undefined {
  const [, topic, epoch] = /^(\S+) (\d+)$/.exec(key) ?? []
  if (topic === undefined) return undefined
  try {
    // Those of earlier versions have no `withheld`.
    const {
      from,
      to,
      first,
      last,
      received,
      lost,
      unwritten,
      withheld = 0,
    } = JSON.parse(text) as Record<string, unknown>
    const counts = [first, last, received, lost, unwritten, withheld].map(Number)
    if (!counts.every(Number.isSafeInteger)) return undefined
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = counts
    const times = { from: BigInt(String(from)), to: BigInt(String(to)) }
    const numbers = { first: a, last: b, received: c, lost: d, unwritten: e, withheld: f }
    return { topic, epoch: Number(epoch), ...numbers, ...times }
  } catch {
    return undefined
  }
}
