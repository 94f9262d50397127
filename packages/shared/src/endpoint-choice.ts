import { OptionError } from './errors.ts'

/** The endpoints at which one end of a stream listens, and to which it connects; at least one in all. */
export interface EndpointChoice {
  /** The endpoint to listen on, such as `tcp://127.0.0.1:5556`, or several. Port `*` chooses a free one. */
  readonly bind?: string | readonly string[] | undefined
  /** The endpoint to connect to, or several; retried until this end closes. */
  readonly connect?: string | readonly string[] | undefined
}

/**
 * The endpoints as lists.
 *
 * @throws {@link OptionError} `ERR_ENDPOINT` when there is none, or one is not a text.
 */
export function listEndpoints({ bind, connect }: EndpointChoice): {
  bind: readonly string[]
  connect: readonly string[]
} {
  const lists = { bind: toList('bind', bind), connect: toList('connect', connect) }
  if (lists.bind.length + lists.connect.length === 0) {
    throw new OptionError('name an endpoint: bind or connect, such as tcp://127.0.0.1:5556', {
      code: 'ERR_ENDPOINT',
    })
  }
  return lists
}

function toList(name: string, endpoints: string | readonly string[] = []): readonly string[] {
  const list = typeof endpoints === 'string' ? [endpoints] : endpoints
  if (Array.isArray(list) && list.every((endpoint) => typeof endpoint === 'string')) return list
  throw new OptionError(`${name} must be an endpoint such as tcp://127.0.0.1:5556, or a list of them`, {
    code: 'ERR_ENDPOINT',
  })
}
