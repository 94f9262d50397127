import { expect, test } from '@jest/globals'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { until } from '@zcast/testing/waiting/until'
import type { CommandContext } from '../../../../src/command-context.ts'
import { planPublisherKeys } from '../../../../src/options/keys/publisher-keys.ts'
import { Arguments } from '../../../../src/options/reading/arguments.ts'

test.each([
  ['curve', 'nats-creds'],
  ['to-curve', 'to-nats-creds'],
] as const)(
  'what sends with --%s is told to give its NATS credentials with --%s',
  async (keys, credentials) => {
    const log = new RecordingLog()
    const planned = await planPublisherKeys(new Arguments({}), [{ kind: 'numbers', members: [] }], keys)
    const [socket] = await planned.open({ log } as unknown as CommandContext, new AbortController().signal)
    socket?.onRefused?.({ side: 'publisher', reason: 'credentials', endpoint: 'nats://127.0.0.1:4222' })
    await until(() => log.lines.length > 0)
    expect(log.lines).toEqual([
      `refused by the NATS server at nats://127.0.0.1:4222: give it the right credentials with --${credentials}`,
    ])
  },
)
