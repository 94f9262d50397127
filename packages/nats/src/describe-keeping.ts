import { errorMessage } from '@zcast/shared/internal'
import { errors } from './nats-library.ts'

/** Why a server keeps nothing, in a clause. */
export function describeKeeping(error: unknown): string {
  const text = errorMessage(error)
  const { name } = error as { name?: unknown }
  if (
    name === 'JetStreamNotEnabled' ||
    /jetstream.*not enabled|no responders/i.test(text) ||
    error instanceof errors.NoRespondersError
  )
    return 'it has no JetStream: start it with nats-server -js, or enable it for this account'
  if (error instanceof errors.TimeoutError) return 'its JetStream does not answer'
  return text
}
