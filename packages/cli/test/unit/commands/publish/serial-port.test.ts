import { EventEmitter } from 'node:events'
import { expect, jest, test } from '@jest/globals'
import { openSerialPort } from '../../../../src/commands/publish/serial-port.ts'

/** A device without a cable. */
class FakePort extends EventEmitter {
  isOpen = false

  open(done: () => void): void {
    this.isOpen = true
    done()
  }

  close(): void {
    this.isOpen = false
    this.emit('close')
  }

  pause(): void {
    // Nothing comes by itself.
  }

  resume(): void {
    // Nothing comes by itself.
  }
}

const ports: FakePort[] = []

jest.unstable_mockModule('serialport', () => ({
  SerialPort: function SerialPort(): FakePort {
    const port = new FakePort()
    ports.push(port)
    return port
  },
}))

/** What is read of chunks that come right after opening. */
async function readEarly(...chunks: string[]): Promise<string> {
  const readable = await openSerialPort({ path: '/dev/ttyUSB0', baudRate: 9600 })
  for (const chunk of chunks) ports.at(-1)?.emit('data', Buffer.from(chunk))
  const text = String(readable.read() ?? '')
  readable.destroy()
  return text
}

test.each<[string, string[], string]>([
  ['each a line of its own', ['1\n', '2\n', '3\n'], '2\n3\n'],
  ['that cut lines', ['1', '\n2', '\n3\n'], '2\n3\n'],
  ['of several lines', ['1\n2\n', '3\n'], '2\n3\n'],
])('of early chunks %s, only the first line is left out', async (_, chunks, text) => {
  expect(await readEarly(...chunks)).toBe(text)
})

test('a device that goes before it is read ends no process, and whoever reads then is told', async () => {
  const readable = await openSerialPort({ path: '/dev/ttyUSB0', baudRate: 9600 })
  const closed = new Promise((resolve) => readable.once('close', resolve))
  ports.at(-1)?.close()
  await closed
  await expect(readable[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'ERR_SOURCE_FAILED',
    message: '/dev/ttyUSB0 has gone',
  })
})
