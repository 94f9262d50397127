import type { OptionError } from '@zcast/shared'
import { parseDuration, systemErrorCode } from '@zcast/shared/internal'
import { HttpRefusal } from '../server/http-refusal.ts'
import { sendBytes, type Exchange } from '../server/exchange.ts'
import type { SubscriberState } from '@zcast/subscribers'
import type { LivePicture } from '../pictures/live-pictures.ts'
import type { PictureChoice } from '../pictures/picture-choice.ts'
import type { PictureResizer } from '../pictures/picture-resizer.ts'

/** Options of {@link sendSnapshot}. */
export interface SnapshotOptions {
  /** The longest wait for a picture. */
  readonly timeoutMs: number
  readonly resizer: PictureResizer
  /** The subscriber's state, for the reason why there is no picture. */
  readonly state: () => SubscriberState
}

const REASONS: Readonly<Record<SubscriberState, string>> = {
  connecting: 'there is no publisher yet',
  live: 'no picture came in time',
  idle: 'the viewer is idle',
  stale: 'the publisher is silent',
  denied: 'the publisher refuses this viewer',
  closed: 'the viewer is ending',
}

/**
 * Answers with one picture: the next to come, or one that came at most `?maxAge=500ms` ago; in the size of
 * `?width=320`.
 *
 * @throws {@link HttpRefusal} 400 when the query cannot be read, 502 when the picture cannot be resized, 503 when no
 *   picture comes in time.
 */
export async function sendSnapshot(
  exchange: Exchange,
  pictures: PictureChoice,
  options: SnapshotOptions,
): Promise<void> {
  const maxAgeMs = readMaxAge(exchange.url.searchParams.get('maxAge'))
  const width = readWidth(exchange.url.searchParams.get('width'))
  const newest = pictures.newest()
  const picture = newest && newest.ageMs <= maxAgeMs ? newest : await nextPicture(exchange, pictures, options)
  if (!picture) return
  const { frame } = picture
  const seq = frame.seq === undefined ? {} : { 'X-Sequence': String(frame.seq) }
  const headers = { ...seq, 'X-Topic': picture.topic, 'X-Timestamp': frame.time.toFixed(6) }
  if (exchange.headOnly && width !== undefined) {
    // The length is not worth resizing a picture that is not sent.
    exchange.response.writeHead(200, { ...headers, 'Content-Type': 'image/jpeg' }).end()
    return
  }
  const data = width === undefined ? frame.data : await resizeOrRefuse(picture, width, options.resizer)
  sendBytes(exchange, 'image/jpeg', data, headers)
}

/** A publisher may send a picture that is well-formed but cannot be decoded: that is not a failure of this server. */
async function resizeOrRefuse(
  picture: LivePicture,
  width: number,
  resizer: PictureResizer,
): Promise<Uint8Array> {
  try {
    return await resizer.resize(picture, width)
  } catch (error) {
    if (systemErrorCode(error) !== 'ERR_FRAME') throw error
    throw new HttpRefusal(502, 'the picture is damaged or too large, so it cannot be resized')
  }
}

/** @returns `undefined` when the reader has left. */
function nextPicture(
  { response }: Exchange,
  pictures: PictureChoice,
  { timeoutMs, state }: SnapshotOptions,
): Promise<LivePicture | undefined> {
  return new Promise((resolve, reject) => {
    const refuse = (): void =>
      reject(new HttpRefusal(503, `${REASONS[state()]}; there is no picture to show`))
    const timer = setTimeout(() => finish(refuse), timeoutMs)
    // A picture repeated for a new subscriber, for example because this viewer was resumed, may be of any age.
    const unwatch = pictures.watch((picture) => {
      if (!picture.retained) finish(() => resolve(picture))
    })
    const leave = (): void => finish(() => resolve(undefined))
    // A client that waits counts as a reader.
    const leaveReaders = pictures.join()
    response.once('close', leave)
    function finish(settle: () => void): void {
      clearTimeout(timer)
      unwatch()
      leaveReaders()
      response.off('close', leave)
      settle()
    }
  })
}

function readMaxAge(text: string | null): number {
  if (text === null) return -1
  try {
    return parseDuration(text, 'maxAge')
  } catch (error) {
    throw new HttpRefusal(400, (error as OptionError).message)
  }
}

function readWidth(text: string | null): number | undefined {
  if (text === null) return undefined
  const width = /^\d{2,4}$/.test(text) ? Number(text) : 0
  if (width >= 16 && width <= 4096) return width
  throw new HttpRefusal(400, 'width must be a whole number of pixels from 16 to 4096')
}
