import type { Message } from '@zcast/shared'
import { contentOf, findForeignTopic } from './look/foreign-topic.ts'
import { lookAtContent, type MessageLook } from './look/message-look.ts'
import type { Sighting, SightReader } from './sighting.ts'

/** Takes every message for one of another program: those of zcast show their parts, too. */
export class RawReader implements SightReader {
  sight(message: Message): Sighting {
    let bytes = 0
    for (const part of message) bytes += part.byteLength
    return { topic: findForeignTopic(message).topic, values: 1, bytes, isOwn: false }
  }

  look(message: Message): MessageLook {
    return lookAtContent(contentOf(message, findForeignTopic(message)))
  }
}
