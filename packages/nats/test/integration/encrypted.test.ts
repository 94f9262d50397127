import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { NatsTransport } from '@zcast/nats'
import { Publisher } from '@zcast/publisher'
import type { Refusal } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { freePort } from '@zcast/testing/network/free-ports'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { until } from '@zcast/testing/waiting/until'
import { generate } from 'selfsigned'
import { keepForEachTest } from '../support/kept.ts'

describeNats('a NATS server with a certificate', () => {
  const temporaryFolder = useTemporaryFolder()
  const keep = keepForEachTest()

  test('is reached by tls:// and wss:// with its authority and a password from a file, and by nobody without', async () => {
    const folder = temporaryFolder()
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    })
    const authorityFile = join(folder, 'ca.pem')
    const credentialsFile = join(folder, 'password')
    await writeFile(authorityFile, cert)
    await writeFile(join(folder, 'key.pem'), key)
    await writeFile(credentialsFile, 'ann:s3,cret@x\n')
    const tls = `tls { cert_file: "${authorityFile}", key_file: "${join(folder, 'key.pem')}" }`
    const webPort = await freePort()
    const server = keep(
      await NatsServer.start(
        `${tls}\nauthorization { user: ann, password: "s3,cret@x" }\nwebsocket { host: 127.0.0.1, port: ${webPort}, ${tls} }`,
      ),
    )
    const secure = server.endpoint.replace('nats:', 'tls:')
    const nats = { authorityFile, credentialsFile }
    const publisher = keep(await Publisher.open({ connect: secure, transport: new NatsTransport({ nats }) }))
    const topic = publisher.topic('numbers/secret')
    const web = `wss://127.0.0.1:${webPort}`
    const clients: Subscriber[] = []
    for (const connect of [secure, web]) {
      const options = { connect, topics: ['numbers/secret'], transport: new NatsTransport({ nats }) }
      clients.push(keep(await Subscriber.open(options)))
    }
    await until(() => clients.every(({ state }) => state === 'live'))
    keep.every(10, () => topic.send([1]))
    await until(() => clients.every(({ statistics }) => statistics.counts().received > 3))

    const reasons: string[] = []
    const onRefused = ({ reason }: Refusal): void => void reasons.push(reason)
    const open = async (connect: string, own: object): Promise<Subscriber> =>
      keep(
        await Subscriber.open({
          connect,
          topics: ['numbers/'],
          transport: new NatsTransport({ nats: own, onRefused }),
        }),
      )
    const stranger = await open(secure, { credentialsFile })
    await until(() => reasons.includes('certificate'))
    const nobody = await open(secure, { authorityFile })
    await until(() => reasons.includes('credentials'))
    await until(() => [stranger, nobody].every(({ state }) => state === 'denied'))
    expect(reasons).not.toContain('no-server')
  })

  test('and other servers are connected to side by side, by TCP and by WebSocket, each as it is meant', async () => {
    const webPort = await freePort()
    const server = keep(
      await NatsServer.start(`websocket { host: 127.0.0.1, port: ${webPort}, no_tls: true }`),
    )
    const publisher = keep(await Publisher.open({ connect: server.endpoint }))
    const topic = publisher.topic('numbers/a')
    const refusals: Refusal[] = []
    const onRefused = (refusal: Refusal): void => void refusals.push(refusal)
    const endpoints = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? server.endpoint : `ws://127.0.0.1:${webPort}`,
    )
    const clients = await Promise.all(
      endpoints.map((connect) =>
        Subscriber.open({ connect, topics: ['numbers/a'], transport: new NatsTransport({ onRefused }) }),
      ),
    )
    for (const client of clients) keep(client)
    keep.every(20, () => topic.send([1]))
    await until(() => clients.every(({ statistics }) => statistics.counts().received > 0))
    expect(refusals).toEqual([])
  })
})
