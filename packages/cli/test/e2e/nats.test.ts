import { writeFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

describeNats('the command with a NATS server', () => {
  test('publishes what is kept, to who has the password, and tells who has not', async () => {
    const server = await NatsServer.start(
      'jetstream { store_dir: "FOLDER/js" }\nauthorization { user: ann, password: "secret" }',
    )
    try {
      const [right, wrong] = [bench.path('right'), bench.path('wrong')]
      await writeFile(right, 'ann:secret\n')
      await writeFile(wrong, 'ann:other\n')
      const connect = ['--connect', server.endpoint]
      const publisher = bench.start([
        'publish',
        'numbers',
        '--count',
        2,
        '--interval',
        '20ms',
        '--retain',
        '1h',
        ...connect,
        '--nats-creds',
        right,
      ])
      const stranger = bench.start(['client', 3, ...connect, '--nats-creds', wrong])
      await stranger.stderr.find(/refused by the NATS server at nats:\/\/127\.0\.0\.1:\d+: give it the right/)
      await publisher.stderr.find(/publishing numbers\/random on nats:/)
      const { stdout, stderr, status } = await bench.run(
        ['client', 3, ...connect, '--since', '10m', '--messages', 20],
        { env: { ZCAST_NATS_CREDS: right } },
      )
      expect(status).toBe(0)
      expect(stdout[0]).toMatch(/^#0 /)
      expect(stderr.at(-1)).toMatch(/^received \d+, lost 0, /)
      expect((await stranger.stop()).status).toBe(1)
      await publisher.stop()
      expect(bench.logLines().join('\n')).not.toMatch(/secret|other/)
    } finally {
      await server.close()
    }
  })

  test('relays between two servers, each of which gets its own password', async () => {
    const servers = [
      await NatsServer.start('authorization { user: ann, password: "above" }'),
      await NatsServer.start('authorization { user: ben, password: "below" }'),
    ] as const
    try {
      const [above, below] = servers
      const files = [bench.path('above'), bench.path('below')] as const
      await writeFile(files[0], 'ann:above\n')
      await writeFile(files[1], 'ben:below\n')
      const publisher = bench.start(['publish', '--interval', '20ms', '--connect', above.endpoint], {
        env: { ZCAST_NATS_CREDS: files[0] },
      })
      await publisher.stderr.find(/publishing numbers\/random on nats:/)
      await publisher.stderr.find(/publishing video\/main on nats:/)
      const relay = bench.start(['relay', '--connect', above.endpoint, '--to', below.endpoint], {
        env: { ZCAST_NATS_CREDS: files[0], ZCAST_TO_NATS_CREDS: files[1] },
      })
      const client = ['client', 3, '--connect', below.endpoint, '--nats-creds', files[1], '--messages', 5]
      expect((await bench.run(client)).status).toBe(0)
      expect((await relay.stop()).stderr.join('\n')).not.toContain('refused')
      await publisher.stop()
    } finally {
      for (const server of servers) await server.close()
    }
  })

  test('refuses a password on the command line, and to keep or to begin where nothing is kept', async () => {
    const refusal = async (...words: string[]): Promise<string> => {
      const { stderr, status } = await bench.run(words)
      expect(status).toBe(2)
      return stderr.join('\n')
    }
    expect(await refusal('client', '3', '--connect', 'nats://ann:secret@127.0.0.1:4222')).toMatch(
      /--nats-creds/,
    )
    expect(await refusal('client', '3', '--since', '10m')).toMatch(/since needs a NATS server/)
  })
})
