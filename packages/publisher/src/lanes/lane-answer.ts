import { wallClock, type Envelope } from '@zcast/shared'

/** One grey dot: whoever takes an answer for a picture, as one that is subscribed to everything may, can read it. */
const DOT = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z',
  'base64',
)

/**
 * What a subscriber hears that has asked for the lanes that there may be.
 *
 * @param epoch - Of the topic, to ask for its lane with.
 * @param lanes - Whether there is one.
 */
export function laneAnswer(topic: string, epoch: number, lanes: boolean): Envelope {
  const block = {
    kind: 'video',
    seq: 0,
    time: wallClock(),
    width: 1,
    height: 1,
    format: 'jpeg',
    data: DOT,
  } as const
  return { topic, epoch, answer: true, retained: true, lanes, block }
}
