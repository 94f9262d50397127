import { describe, expect, test } from '@jest/globals'
import { openTransport } from '../../../src/transport/open-transport.ts'
import { ZeromqTransport } from '../../../src/transport/zeromq-transport.ts'

describe('what carries messages', () => {
  test.each([
    ['tcp://127.0.0.1:5556'],
    ['ipc:///tmp/some'],
    ['inproc://some'],
    ['tcp://*:*', 'inproc://some'],
  ])('to and from %s is ZeroMQ', async (...endpoints) => {
    expect(await openTransport(endpoints)).toBeInstanceOf(ZeromqTransport)
  })

  test('is nothing without an endpoint', async () => {
    await expect(openTransport([])).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })

  test('is nothing for what is no endpoint', async () => {
    await expect(openTransport(['tcp://127.0.0.1:5556', 'http://127.0.0.1'])).rejects.toMatchObject({
      code: 'ERR_ENDPOINT',
      endpoint: 'http://127.0.0.1',
    })
  })
})
