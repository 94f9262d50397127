import { readFields } from '@zcast/schemas'

/** The topic of a recording that has the lines of the error log, each as `foxglove.Log`. */
export const LOG_TOPIC = 'zcast/log'

/** The line in a message of {@link LOG_TOPIC}. */
export function decodeLogLine(data: Uint8Array): string | undefined {
  let line: string | undefined
  const isMessage = readFields(data, (field, value) => {
    if (field === 3 && typeof value !== 'number') line = new TextDecoder().decode(value)
  })
  return isMessage ? line : undefined
}
