import { describe, expect, test } from '@jest/globals'
import { PeerCount } from '../../../src/transport/peer-count.ts'

const HERE = 'tcp://127.0.0.1:1'

describe('PeerCount', () => {
  test('a connection is a peer from its handshake until it ends', () => {
    const peers = new PeerCount()
    peers.connect(HERE)
    expect(peers.ready).toBe(0)
    peers.handshake(HERE)
    expect(peers.ready).toBeGreaterThan(0)
    peers.disconnect(HERE)
    expect(peers.ready).toBe(0)
  })

  test('a stranger that comes and goes on an endpoint does not take a peer away', () => {
    const peers = new PeerCount()
    peers.accept(HERE)
    peers.handshake(HERE)
    for (let stranger = 0; stranger < 3; stranger++) {
      peers.accept(HERE)
      peers.disconnect(HERE)
    }
    expect(peers.ready).toBeGreaterThan(0)
    peers.disconnect(HERE)
    expect(peers.ready).toBe(0)
  })

  test('the count is right again once a stranger that outstayed the peer has gone', () => {
    const peers = new PeerCount()
    peers.accept(HERE)
    peers.handshake(HERE)
    peers.accept(HERE)
    peers.disconnect(HERE)
    peers.disconnect(HERE)
    expect(peers.ready).toBe(0)
  })

  test('each endpoint is counted by itself', () => {
    const peers = new PeerCount()
    peers.connect(HERE)
    peers.handshake(HERE)
    peers.connect('ipc://x')
    peers.handshake('ipc://x')
    peers.disconnect(HERE)
    expect(peers.ready).toBeGreaterThan(0)
    peers.disconnect('ipc://x')
    expect(peers.ready).toBe(0)
  })

  test('an endpoint that is taken away has no peers, and one that is made anew begins without', () => {
    const peers = new PeerCount()
    peers.connect(HERE)
    peers.handshake(HERE)
    peers.remove(HERE)
    expect(peers.ready).toBe(0)
    peers.connect(HERE)
    peers.handshake(HERE)
    peers.connect(HERE)
    expect(peers.ready).toBe(0)
  })

  test('an end nobody knows the beginning of is harmless', () => {
    const peers = new PeerCount()
    peers.disconnect(HERE)
    peers.accept(HERE)
    peers.handshake(HERE)
    expect(peers.ready).toBeGreaterThan(0)
  })
})
