import { describe, expect, test } from '@jest/globals'
import { EndpointError, OptionError } from '@zcast/shared'
import { parseLiveSource } from '@zcast/room'

describe('a live source', () => {
  test.each([
    ['tcp://10.0.0.7:5557', 'main', ['tcp://10.0.0.7:5557'], 'main'],
    ['tcp://[::1]:5557/cam1', 'cam1', ['tcp://[::1]:5557'], 'cam1'],
    ['garden=tcp://10.0.0.7:5557/video/cam1', 'garden', ['tcp://10.0.0.7:5557'], 'cam1'],
    ['tcp://h:5557,tcp://h:5558/main', 'main', ['tcp://h:5557', 'tcp://h:5558'], 'main'],
    ['far=nats://10.0.0.7/cam1', 'far', ['nats://10.0.0.7'], 'cam1'],
    ['nats://a,nats://b:4222', 'main', ['nats://a', 'nats://b:4222'], 'main'],
    ['door=ipc:///tmp/a/b.sock', 'door', ['ipc:///tmp/a/b.sock'], 'main'],
  ])('is read from %s', (text, name, connect, stream) => {
    expect(parseLiveSource(text)).toEqual({ name, connect, stream })
  })

  test.each(['', 'garden', 'tcp://', 'tcp://h:5557/a/b', 'tcp://h:5557/a b', 'http://h/x'])(
    'is not read from "%s"',
    (text) => {
      expect(() => parseLiveSource(text)).toThrow(OptionError)
    },
  )

  test('is refused without its password', () => {
    expect(() => parseLiveSource('nats://ann:secret@h/a b')).toThrow('"nats://***@h/a b" is no live stream')
  })

  test('must name an endpoint that there can be', () => {
    expect(() => parseLiveSource('tcp://h')).toThrow(EndpointError)
  })
})
