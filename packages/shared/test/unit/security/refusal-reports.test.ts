import { expect, test } from '@jest/globals'
import { describeRefusal, type Refusal, type RefusalReason } from '../../../src/security/refusal.ts'
import { RefusalReports } from '../../../src/security/refusal-reports.ts'

const refusal = (publicKey?: string, reason: RefusalReason = 'key'): Refusal => ({
  side: 'publisher',
  reason,
  endpoint: 'tcp://127.0.0.1:5556',
  publicKey,
})

function recorder(): { told: Refusal[]; reports: RefusalReports; pass: (ms: number) => void } {
  const told: Refusal[] = []
  let now = 0
  return {
    told,
    reports: new RefusalReports(
      (each) => told.push(each),
      () => now,
    ),
    pass: (ms) => (now += ms),
  }
}

test('each is told once, however often it comes', () => {
  const { told, reports, pass } = recorder()
  for (let attempt = 0; attempt < 1000; attempt++) {
    reports.add(refusal('a'))
    reports.add(refusal('b'))
    reports.add(refusal(undefined, 'client-without-keys'))
    pass(100)
  }
  expect(told).toHaveLength(3)
})

test('one that comes again after a while is told again', () => {
  const { told, reports, pass } = recorder()
  reports.add(refusal('a'))
  pass(10_001)
  reports.add(refusal('a'))
  expect(told).toHaveLength(2)
})

test('of very many keys, only the first are told one by one', () => {
  const { told, reports } = recorder()
  for (let key = 0; key < 10_000; key++) reports.add(refusal(String(key)))
  expect(told).toHaveLength(65)
  reports.forget()
  reports.add(refusal('0'))
  expect(told).toHaveLength(66)
})

test('every reason has a sentence of its own at both ends, which names the endpoint', () => {
  const reasons: RefusalReason[] = [
    'key',
    'client-without-keys',
    'publisher-without-keys',
    'server-key',
    'check',
    'protocol',
  ]
  const sentences = reasons.flatMap((reason) =>
    (['publisher', 'subscriber'] as const).map((side) =>
      describeRefusal({ ...refusal('abc', reason), side }),
    ),
  )
  expect(new Set(sentences).size).toBe(12)
  for (const sentence of sentences) expect(sentence).toContain('tcp://127.0.0.1:5556')
  expect(describeRefusal(refusal('abc'), 'lab')).toContain('the key "lab" (abc)')
})

test('a NATS server that refuses credentials is answered with the option that names them', () => {
  const refused = { ...refusal('', 'credentials'), endpoint: 'nats://127.0.0.1:4222' }
  for (const side of ['publisher', 'subscriber'] as const)
    expect(describeRefusal({ ...refused, side })).toMatch(/give it the right credentials with --nats-creds$/)
  expect(describeRefusal({ ...refused, isBelow: true })).toMatch(/credentials with --to-nats-creds$/)
})
