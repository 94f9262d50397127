import { afterAll, beforeAll } from '@jest/globals'
import { NatsTransport } from '@zcast/nats'
import { testTransportContract } from '@zcast/testing/contracts/transport-contract'
import { describeNats, NatsServer } from '@zcast/testing/network/nats-server'

describeNats('over a NATS server', () => {
  let server: NatsServer

  beforeAll(async () => {
    server = await NatsServer.start()
  })
  afterAll(() => server.close())

  testTransportContract(
    'NatsTransport',
    () => new NatsTransport(),
    () => server.endpoint,
  )
})
