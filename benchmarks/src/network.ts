import type { Benchmark, BenchmarkContext } from './benchmark.ts'
import { CASES } from './network/cases.ts'
import { changing } from './network/changing.ts'
import { neighbours } from './network/neighbours.ts'
import { steady } from './network/steady.ts'

/** How old pictures are behind a network that is slower than their stream. */
export const network: Benchmark = {
  name: 'network',
  parts: [...CASES.map((one) => (context: BenchmarkContext) => steady(context, one)), changing, neighbours],
}
