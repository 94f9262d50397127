import { CountingSink } from '../../../src/sinks/counting-sink.ts'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'

testSinkContract('CountingSink', {
  create: () => new CountingSink(),
  envelope: (seq) => ({
    topic: 'numbers/random',
    epoch: 1,
    block: { kind: 'numbers', seq, time: 0, rows: 1, columns: 1, data: Float64Array.of(seq) },
  }),
})
