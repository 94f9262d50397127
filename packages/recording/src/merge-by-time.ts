/** Merges sequences that are each in the order of time into one. */
export async function* mergeByTime<T>(
  sequences: readonly AsyncGenerator<T>[],
  timeOf: (item: T) => number,
): AsyncGenerator<T> {
  try {
    const heads: { sequence: AsyncGenerator<T>; item: T }[] = []
    for (const sequence of sequences) {
      const first = await sequence.next()
      if (!first.done) heads.push({ sequence, item: first.value })
    }
    while (heads.length > 0) {
      let index = 0
      for (let other = 1; other < heads.length; other++)
        if (timeOf((heads[other] as { item: T }).item) < timeOf((heads[index] as { item: T }).item))
          index = other
      const head = heads[index] as { sequence: AsyncGenerator<T>; item: T }
      yield head.item
      const next = await head.sequence.next()
      if (next.done) heads.splice(index, 1)
      else head.item = next.value
    }
  } finally {
    for (const sequence of sequences) await sequence.return(undefined)
  }
}
