import { describe, expect, test } from '@jest/globals'
import { planRelay } from '../../../src/commands/relay/plan-relay.ts'
import { Arguments } from '../../../src/options/arguments.ts'
import type { Settings } from '../../../src/options/settings.ts'

const plan = (settings: Settings) =>
  planRelay(new Arguments({ connect: ['tcp://10.0.0.7:5556'], ...settings }))

describe('the options of a relay', () => {
  test.each(['guest=numbers', 'guest=numbers,lab', 'lab,guest=video'])('refuse rights: %s', async (allow) => {
    await expect(plan({ 'to-curve': 'own', allow: [allow] })).rejects.toThrow(
      'a relay lets its keys subscribe',
    )
  })

  test('refuse credentials that two NATS servers would get', async () => {
    const both = { connect: ['nats://a'], to: ['nats://b'], 'nats-creds': 'file' }
    await expect(plan(both)).rejects.toThrow('nats-creds would be sent to the NATS servers above and below')
  })

  test('refuse to retain where no NATS server is below', async () => {
    const above = { connect: ['nats://a'], retain: '1h' }
    await expect(plan(above)).rejects.toThrow('retain needs a NATS server below')
  })

  test('tell no password', async () => {
    const same = { connect: ['nats://ann:hunter2@a'], to: ['nats://ann:hunter2@a'] }
    await expect(plan(same)).rejects.toThrow('nats://***@a cannot be above and below')
  })
})
