import type { Account } from './accounts.ts'

/** The counts of several files as one: those of the same topic and epoch are put together. */
export function mergeAccounts(accounts: readonly Account[]): readonly Account[] {
  const merged = new Map<string, Account>()
  for (const account of accounts) {
    const key = `${account.topic} ${account.epoch}`
    const before = merged.get(key)
    merged.set(key, before ? merge(before, account) : account)
  }
  return [...merged.values()]
}

function merge(a: Account, b: Account): Account {
  const first = Math.min(a.first, b.first)
  const last = Math.max(a.last, b.last)
  const received = a.received + b.received
  const withheld = a.withheld + b.withheld
  return {
    topic: a.topic,
    epoch: a.epoch,
    first,
    last,
    received,
    // What is missing between two files is lost; what both have is not received twice for that.
    lost: Math.max(last - first + 1 - received - withheld, 0),
    withheld,
    unwritten: a.unwritten + b.unwritten,
    from: a.from < b.from ? a.from : b.from,
    to: a.to > b.to ? a.to : b.to,
  }
}
