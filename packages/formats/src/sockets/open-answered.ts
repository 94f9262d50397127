import { OptionError, type Transport, type TransportOptions } from '@zcast/shared'
import type { FormatEnd } from '../format.ts'
import { AnsweringTransport, type AnsweredPattern } from './answering-transport.ts'
import { RequestingTransport } from './requesting-transport.ts'

/**
 * Opens the transport of a format in which receivers answer each message.
 *
 * @throws {@link OptionError} `ERR_OPTION` when there are keys: none of its programs could use them.
 */
export async function openAnswered(
  name: string,
  { pattern, answer }: { readonly pattern: AnsweredPattern; readonly answer: string },
  end: FormatEnd,
  options: TransportOptions = {},
): Promise<Transport> {
  if (options.curve)
    throw new OptionError(`format ${name} cannot be encrypted where receivers answer: leave out curve`)
  return end === 'subscriber'
    ? new AnsweringTransport(pattern, answer, options)
    : new RequestingTransport(pattern, options)
}
