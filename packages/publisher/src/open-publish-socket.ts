import { openTransport, type PublishSocket } from '@zcast/shared'
import { listEndpoints } from '@zcast/shared/internal'
import { DEFAULT_BATCH_BYTES } from './batcher.ts'
import { peerQueueFor } from './peer-queue.ts'
import type { PublisherOptions } from './publisher-options.ts'

/** The size that is reserved for a message by default. */
const DEFAULT_EXPECTED_BYTES = DEFAULT_BATCH_BYTES

/**
 * Opens the socket of a publisher, with queues for what it sends.
 *
 * @throws {@link EndpointError} when an endpoint cannot be parsed or bound; {@link OptionError} `ERR_ENDPOINT` when
 *   there is none.
 */
export async function openPublishSocket(options: PublisherOptions): Promise<PublishSocket> {
  const { bind, connect } = listEndpoints(options)
  const transport = options.transport ?? (await openTransport([...bind, ...connect]))
  return transport.openPublish({
    bind,
    connect,
    heartbeatMs: options.heartbeatMs,
    maxMessageBytes: options.maxMessageBytes,
    // A lossless publisher does not need short queues: it waits for what does not fit.
    ...peerQueueFor(
      options.expectedBytes ?? DEFAULT_EXPECTED_BYTES,
      options.delivery === 'all' ? 0 : options.pictureTopics,
    ),
  })
}
