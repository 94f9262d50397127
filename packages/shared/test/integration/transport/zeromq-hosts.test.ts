import { networkInterfaces } from 'node:os'
import { describe, expect, test } from '@jest/globals'
import { type Refusal, ZeromqTransport } from '../../../src/index.ts'
import { freePort } from '@zcast/testing/network/free-ports'
import { Opener } from '@zcast/testing/streams/opened'
import { Recorder } from '@zcast/testing/waiting/recorder'

const open = new Opener(() => new ZeromqTransport())
const portOf = (endpoint: string): string => endpoint.split(':').at(-1) as string

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)
if (!hasIpv6) console.log('hosts with IPv6 addresses are not tested: this machine has no ::1')
const describeWithIpv6 = hasIpv6 ? describe : describe.skip

/** Hosts with these addresses; each look-up is recorded. */
function hosts(table: Record<string, readonly string[]>): {
  transport: ZeromqTransport
  lookUps: Recorder<string>
  refusals: Recorder<Refusal>
} {
  const lookUps = new Recorder<string>()
  const refusals = new Recorder<Refusal>()
  const lookUp = async (host: string): Promise<readonly string[]> => {
    lookUps.add(host)
    const addresses = table[host]
    if (!addresses) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })
    return addresses
  }
  return { transport: new ZeromqTransport({ lookUp, onRefused: refusals.add }), lookUps, refusals }
}

async function expectToReach(bind: string, host: string, addresses: readonly string[]): Promise<void> {
  const publisher = await open.publish({ bind: [bind] })
  const { transport } = hosts({ [host]: addresses })
  const connect = [`tcp://${host}:${portOf(publisher.endpoint)}`]
  const subscriber = await open.subscribe({ connect }, ['a'], { transport })
  await subscriber.states.last('connected')
  await publisher.subscriptions.last('+a')
  await publisher.send('a', 'x')
  expect(await subscriber.messages.count(1)).toEqual(['a x'])
  expect(publisher.subscriptions.seen).toEqual(['+a'])
  expect(subscriber.socket.endpoints).toEqual(connect)
}

describeWithIpv6('a host', () => {
  test.each([
    ['only an IPv6 address', 'tcp://[::1]:*', ['::1']],
    ['addresses of both families, where only IPv6 answers', 'tcp://[::1]:*', ['127.0.0.1', '::1']],
    ['addresses of both families, where only IPv4 answers', 'tcp://127.0.0.1:*', ['::1', '127.0.0.1']],
    [
      'several addresses, of which the last answers',
      'tcp://127.0.0.1:*',
      ['127.0.0.2', '::1', '127.0.0.3', '127.0.0.1'],
    ],
  ])('with %s is reached', async (_, bind, addresses) => {
    await expectToReach(bind, 'pi', addresses)
  })

  test('is reached beside IPv6 and IPv4 addresses, each endpoint by itself', async () => {
    const six = await open.publish({ bind: ['tcp://[::1]:*'] })
    const four = await open.publish({ bind: ['tcp://127.0.0.1:*'] })
    const named = await open.publish({ bind: ['tcp://127.0.0.1:*'] })
    const { transport } = hosts({ pi: ['127.0.0.1'] })
    const connect = [six.endpoint, four.endpoint, `tcp://pi:${portOf(named.endpoint)}`]
    const subscriber = await open.subscribe({ connect }, ['a'], { transport })
    for (const [index, publisher] of [six, four, named].entries()) {
      await publisher.subscriptions.last('+a')
      await publisher.send('a', String(index))
    }
    expect((await subscriber.messages.count(3)).toSorted()).toEqual(['a 0', 'a 1', 'a 2'])
  })

  test('that answers at another address after its publisher was restarted is reached again', async () => {
    const port = await freePort()
    const first = await open.publish({ bind: [`tcp://[::1]:${port}`] })
    const table: Record<string, readonly string[]> = { pi: ['::1'] }
    const { transport } = hosts(table)
    const subscriber = await open.subscribe({ connect: [`tcp://pi:${port}`] }, ['a'], { transport })
    await subscriber.states.last('connected')
    table.pi = ['127.0.0.1']
    await first.socket.close()
    const second = await open.publishAgain(`tcp://127.0.0.1:${port}`)
    await second.subscriptions.last('+a')
    await subscriber.states.last('connected')
    await second.send('a', 'moved')
    expect(await subscriber.messages.count(1)).toEqual(['a moved'])
  })

  test('of a subscriber that listens is reached by a publisher', async () => {
    const subscriber = await open.subscribe({ bind: ['tcp://[::1]:*'] }, ['a'])
    const { transport } = hosts({ pi: ['127.0.0.1', '::1'] })
    const publisher = await open.publish({ connect: [`tcp://pi:${portOf(subscriber.endpoint)}`], transport })
    await publisher.subscriptions.last('+a')
  })

  test('may be listened for in both families by one socket', async () => {
    const publisher = await open.publish({ bind: ['tcp://[::1]:*', 'tcp://127.0.0.1:*'] })
    for (const endpoint of publisher.socket.endpoints) await open.subscribe({ connect: [endpoint] }, ['a'])
    await publisher.subscriptions.count(2)
  })
})

test('a host that is not known is told of once, looked up again, and does not keep others waiting', async () => {
  const publisher = await open.publish({ bind: ['tcp://127.0.0.1:*'] })
  const table: Record<string, readonly string[]> = {}
  const { transport, lookUps, refusals } = hosts(table)
  const late = `tcp://pi:${portOf(publisher.endpoint)}`
  const other = await open.publish({ bind: ['tcp://127.0.0.1:*'] })
  await open.subscribe({ connect: [late, other.endpoint] }, ['a'], { transport })
  await other.subscriptions.last('+a')
  await lookUps.count(3)
  expect(refusals.seen).toEqual([
    { side: 'subscriber', reason: 'unknown-host', endpoint: late, publicKey: undefined },
  ])
  table.pi = ['127.0.0.1']
  await publisher.subscriptions.last('+a')
})
