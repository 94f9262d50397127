import {
  openTransport,
  OptionError,
  type Transport,
  type TransportOptions,
  unsupported,
  type Codec,
} from '@zcast/shared'
import type { Format, FormatEnd, FormatEndpoints } from './format.ts'
import { ImagezmqCodec, ImagezmqPixelsCodec } from './imagezmq/imagezmq-codec.ts'
import { NetgearCodec, type NetgearPattern } from './netgear/netgear-codec.ts'
import { PickleCodec } from './pickle/pickle-codec.ts'
import { JSON_NOTATION } from './samples/json-notation.ts'
import { MSGPACK_NOTATION } from './samples/msgpack-notation.ts'
import { PLOTJUGGLER_NOTATION } from './samples/plotjuggler-notation.ts'
import { SamplesCodec, type Notation } from './samples/samples-codec.ts'
import { openAnswered } from './sockets/open-answered.ts'

const publishSubscribe: Format['openTransport'] = (_, { bind, connect }, options) =>
  openTransport([...bind, ...connect], options)

function samples(notation: Notation, port?: number): Format {
  return {
    name: notation.name,
    kinds: ['numbers'],
    isWritten: true,
    listener: 'publisher',
    port,
    isNameless: false,
    openCodec: () => new SamplesCodec(notation),
    openTransport: publishSubscribe,
  }
}

const IMAGEZMQ: Format = {
  name: 'imagezmq',
  kinds: ['video'],
  isWritten: true,
  listener: 'publisher',
  port: 5555,
  isNameless: false,
  openCodec: () => new ImagezmqCodec(),
  openTransport: openImagezmq,
}

/** For hubs that take pixels. Both are read alike. */
const IMAGEZMQ_PIXELS: Format = {
  ...IMAGEZMQ,
  name: 'imagezmq:pixels',
  openCodec: () => new ImagezmqPixelsCodec(),
}

/** Who listens as a hub answers; who listens as a camera publishes. */
function openImagezmq(
  end: FormatEnd,
  endpoints: FormatEndpoints,
  options?: TransportOptions,
): Promise<Transport> {
  const { bind, connect } = endpoints
  const answered = end === 'publisher' ? connect : bind
  if (answered.length === 0) return publishSubscribe(end, endpoints, options)
  if (end === 'subscriber' && connect.length > 0) {
    throw new OptionError(
      'with format imagezmq, a socket either listens for cameras or connects to some: give bind or connect, not both',
    )
  }
  return openAnswered('imagezmq', { pattern: 'request/reply', answer: 'OK' }, end, options)
}

/** Both NetGear's usual receivers and those of its bidirectional mode understand it as "no data". */
const NETGEAR_ANSWER = JSON.stringify({ return_type: 'NoneType', data: null })

function netgear(name: string, pattern: NetgearPattern): Format {
  return {
    name,
    kinds: ['video'],
    isWritten: true,
    listener: 'subscriber',
    port: 5555,
    isNameless: true,
    openCodec: () => new NetgearCodec(pattern),
    openTransport:
      pattern === 2
        ? publishSubscribe
        : (end, endpoints, options) => openNetgear(name, pattern, { end, endpoints, options }),
  }
}

async function openNetgear(
  name: string,
  pattern: 0 | 1,
  {
    end,
    endpoints,
    options,
  }: { end: FormatEnd; endpoints: FormatEndpoints; options: TransportOptions | undefined },
): Promise<Transport> {
  const { bind, connect } = endpoints
  if (end === 'subscriber' && connect.length > 0)
    throw new OptionError(
      `with format ${name}, receivers listen and senders connect to them: give bind, not connect`,
    )
  // A publisher may listen for subscribers in its own process.
  if (end === 'publisher' && bind.some((endpoint) => !endpoint.startsWith('inproc:')))
    throw new OptionError(
      `with format ${name}, senders connect to receivers, which listen: give connect, not bind`,
    )
  return openAnswered(
    name,
    { pattern: pattern === 0 ? 'pair' : 'request/reply', answer: NETGEAR_ANSWER },
    end,
    options,
  )
}

/** Parts as they are: they have no values. */
const RAW_CODEC: Codec = {
  hasLanes: false,
  isNumbered: false,
  prefixes: () => [''],
  encode: () => {
    throw new OptionError('raw messages are made by other programs: publish in another format')
  },
  decode: () => unsupported('raw parts have no values'),
}

const RAW: Format = {
  name: 'raw',
  kinds: [],
  isWritten: false,
  listener: 'publisher',
  port: undefined,
  isNameless: true,
  openCodec: () => RAW_CODEC,
  openTransport: publishSubscribe,
}

const PICKLE: Format = {
  name: 'pickle',
  kinds: ['numbers', 'video'],
  isWritten: false,
  listener: 'publisher',
  port: undefined,
  isNameless: true,
  openCodec: () => new PickleCodec(),
  openTransport: publishSubscribe,
}

/** Every format but zcast's own. */
export const FORMATS: readonly Format[] = [
  IMAGEZMQ,
  IMAGEZMQ_PIXELS,
  netgear('netgear', 2),
  netgear('netgear:0', 0),
  netgear('netgear:1', 1),
  netgear('netgear:2', 2),
  samples(PLOTJUGGLER_NOTATION, 9872),
  samples(JSON_NOTATION),
  samples(MSGPACK_NOTATION),
  PICKLE,
  RAW,
]

/**
 * Finds a format by its name.
 *
 * @throws {@link OptionError} `ERR_OPTION` when there is no such format.
 *
 * @example
 * ```ts
 * import { findFormat } from '@zcast/formats'
 * import { Subscriber } from '@zcast/subscribers'
 *
 * const format = findFormat('imagezmq')
 * const bind = ['tcp://127.0.0.1:*']
 * const hub = await Subscriber.open({
 *   bind,
 *   topics: ['video/'],
 *   codec: format.openCodec(),
 *   transport: await format.openTransport('subscriber', { bind, connect: [] }),
 * })
 * console.log(hub.endpoints) // where cameras connect to
 * await hub.close()
 * ```
 */
export function findFormat(name: string): Format {
  const format = FORMATS.find((each) => each.name === name)
  if (format) return format
  const names = FORMATS.map((each) => each.name)
  throw new OptionError(
    `there is no format "${name}": choose ${names.join(', ')}, or leave it out for zcast's own`,
  )
}
