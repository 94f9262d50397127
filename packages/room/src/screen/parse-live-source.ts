import { OptionError } from '@zcast/shared'
import { hideSecrets, isSubscription, parseEndpoint } from '@zcast/shared/internal'

/** A live stream that guests can put on air. */
export interface LiveSource {
  /** For people. */
  readonly name: string
  /** Where its pictures and its sound are sent. */
  readonly connect: readonly string[]
  /** The name of the stream: its topics are `video/<stream>` and `audio/<stream>`. */
  readonly stream: string
}

/**
 * Reads `[NAME=]ENDPOINT[,ENDPOINT][/STREAM]`, such as `garden=tcp://10.0.0.7:5557,tcp://10.0.0.7:5558/cam1`. The stream
 * is `main` by default; only the last endpoint has one, and not one of `ipc`.
 *
 * @throws {@link OptionError} when it is none; {@link EndpointError} when an endpoint has the wrong form.
 */
export function parseLiveSource(text: string): LiveSource {
  const [, given, endpoints = '', path] =
    /^(?:([^=,:/]{1,40})=)?((?:[a-z]+:\/\/[^,]+,)*(?:(?:tcp|nats|tls|wss?):\/\/[^,/]+|ipc:\/\/[^,]+))(?:\/(?:video\/)?([^/]*))?$/.exec(
      text,
    ) ?? []
  const stream = path ?? 'main'
  const connect = endpoints.split(',')
  if (endpoints === '' || !isSubscription(`video/${stream}`))
    throw new OptionError(
      `"${hideSecrets(text)}" is no live stream: write [NAME=]ENDPOINT[,ENDPOINT][/STREAM], such as garden=tcp://10.0.0.7:5557/main`,
    )
  for (const endpoint of connect) parseEndpoint(endpoint)
  return { name: given ?? stream, connect, stream }
}
