import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { planRelay } from '../../../../src/commands/relay/plan-relay.ts'
import { Arguments } from '../../../../src/options/reading/arguments.ts'
import { planNats } from '../../../../src/options/sockets/nats-options.ts'
import type { Settings } from '../../../../src/options/reading/settings.ts'

const plan = (settings: Settings) =>
  planRelay(new Arguments({ connect: ['tcp://10.0.0.7:5556'], ...settings }))

describe('the options of a relay', () => {
  const temporaryFolder = useTemporaryFolder()

  test.each(['guest=numbers', 'guest=numbers,lab', 'lab,guest=video'])('refuse rights: %s', async (allow) => {
    await expect(plan({ 'to-curve': 'own', allow: [allow] })).rejects.toThrow(
      'a relay lets its keys subscribe',
    )
  })

  test('give each side its own NATS credentials, and refuse those that would go to the other', async () => {
    const folder = temporaryFolder()
    const [above, below] = [join(folder, 'above'), join(folder, 'below')]
    for (const path of [above, below]) await writeFile(path, 'ann:secret\n')
    const both = { connect: ['nats://a'], to: ['nats://b'], 'nats-creds': above }
    await expect(plan(both)).rejects.toThrow('name those for the servers below with --to-nats-creds')
    await plan({ ...both, 'to-nats-creds': below })
    await plan({ to: ['nats://b'], 'nats-creds': below })
    await expect(plan({ connect: ['nats://a'], 'to-nats-creds': below })).rejects.toThrow(
      'to-nats-creds needs a NATS server below',
    )
    const filesOf = (settings: Settings) =>
      (['above', 'below'] as const).map((side) => planNats(new Arguments(settings), side).credentialsFile)
    expect(filesOf({ 'nats-creds': above, 'to-nats-creds': below })).toEqual([above, below])
    expect(filesOf({ 'nats-creds': above })).toEqual([above, above])
    expect(filesOf({ 'to-nats-creds': below })).toEqual([undefined, below])
  })

  test('refuse to retain where no NATS server is below', async () => {
    const above = { connect: ['nats://a'], retain: '1h' }
    await expect(plan(above)).rejects.toThrow('retain needs a NATS server below')
  })

  test('tell no password', async () => {
    const same = { connect: ['nats://ann:hunter2@a'], to: ['nats://ann:hunter2@a'] }
    await expect(plan(same)).rejects.toThrow(
      'nats://***@a cannot be both where values come from and where they go',
    )
  })
})
