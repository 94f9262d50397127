import { Readable } from 'node:stream'
import type * as serialport from 'serialport'
import { OptionError, SourceError } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'

/** What Arduino's own examples use. */
const DEFAULT_BAUD = 9600

/** What comes so early was on its way before: its first line has lost its beginning. */
const EARLY_MS = 250

const LINE_END = /[\r\n]/

/** A serial port and its speed. */
export interface SerialAddress {
  readonly path: string
  readonly baudRate: number
}

/** Reads `serial:DEVICE`, perhaps with `?baud=115200`. @throws {@link OptionError} `ERR_OPTION` when it is anything else. */
export function parseSerialAddress(text: string): SerialAddress {
  const [, path = '', query = ''] = /^serial:([^?]+)(?:\?(.*))?$/.exec(text) ?? []
  const [, baud] = /^(?:baud=([1-9]\d{0,7}))?$/.exec(query) ?? [undefined, undefined, '']
  if (path === '' || (query !== '' && baud === undefined))
    throw new OptionError(`"${text}" is not a serial port: write serial:/dev/ttyUSB0?baud=115200`)
  return { path, baudRate: baud === undefined ? DEFAULT_BAUD : Number(baud) }
}

/**
 * Opens a serial port for reading.
 *
 * @throws {@link SourceError} `ERR_SOURCE_UNREADABLE` when it cannot be opened, or the package is not there.
 */
export async function openSerialPort(address: SerialAddress): Promise<Readable> {
  const { path, baudRate } = address
  const { SerialPort } = await loadLibrary()
  const port = new SerialPort({ path, baudRate, autoOpen: false })
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(refusal(address, error)) : resolve()))
  })
  const openedMs = performance.now()
  let isCut: boolean | undefined
  const readable = new Readable({
    read: () => void port.resume(),
    destroy: (error, done) => {
      // Nobody waits for a device that may have gone already.
      if (port.isOpen) port.close(() => undefined)
      done(error)
    },
  })
  // Whoever reads later is told: without this a device that goes before ends the process.
  readable.on('error', () => undefined)
  port.on('data', (chunk: Buffer) => {
    isCut ??= performance.now() - openedMs < EARLY_MS
    const bytes = isCut ? behindFirstEnd(chunk) : chunk
    if (bytes === undefined) return
    isCut = false
    if (bytes.length > 0 && !readable.push(bytes)) port.pause()
  })
  const gone = (): unknown =>
    readable.destroyed || readable.destroy(new SourceError('ERR_SOURCE_FAILED', `${path} has gone`))
  port.on('close', gone)
  port.on('error', gone)
  return readable
}

/** What stands behind the first end of a line; `undefined` where there is none. */
function behindFirstEnd(chunk: Buffer): Buffer | undefined {
  const end = chunk.toString('latin1').search(LINE_END)
  return end === -1 ? undefined : chunk.subarray(end + 1)
}

async function loadLibrary(): Promise<typeof serialport> {
  try {
    return await import('serialport')
  } catch (error) {
    throw new SourceError(
      'ERR_SOURCE_UNREADABLE',
      'serial ports need the package "serialport", which cannot be loaded: install it with "npm install serialport"',
      { cause: error },
    )
  }
}

function refusal({ path, baudRate }: SerialAddress, error: Error): SourceError {
  const text = errorMessage(error)
  const reason = /no such file|not found|ENOENT/i.test(text)
    ? 'there is no such device'
    : /permission|EACCES|access denied/i.test(text)
      ? 'permission denied (on Linux, its group, often "dialout", may use it)'
      : /lock|busy|EBUSY/i.test(text)
        ? 'another program uses it'
        : /inappropriate ioctl|ENOTTY|not a tty/i.test(text)
          ? 'it is not a serial port'
          : `the system refuses it; it may not have this speed (?baud=${baudRate})`
  return new SourceError('ERR_SOURCE_UNREADABLE', `cannot open the serial port ${path}: ${reason}`, {
    cause: error,
  })
}
