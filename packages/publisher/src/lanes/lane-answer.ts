import { type Envelope, wallClock } from '@zcast/shared'

/**
 * One grey dot: a receiver that takes an answer for a picture, such as one that is subscribed to everything, can decode
 * it.
 */
const DOT = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z',
  'base64',
)

/**
 * The answer to a subscriber that asked which lanes there are.
 *
 * @param epoch - The topic's epoch, needed to ask for its lane.
 * @param lanes - True when there is a lane.
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
