import { parseTopic } from '@zcast/shared'
import {
  LivePictures,
  LiveSounds,
  NoticeTeller,
  ReaderAccounts,
  servePictures,
  serveSounds,
} from '@zcast/web/internal'
import type { RoomContext, RoomPart } from '../room-part.ts'
import { StreamFeeds } from './stream-feeds.ts'

/** The room's streams to its pages: pictures at `/pictures?topic=video/NAME`, sound at `/sound?topic=audio/NAME`. */
export class StreamsPart implements RoomPart {
  readonly #feeds: StreamFeeds

  constructor({ server, endpoint, guests, name, log }: RoomContext) {
    const pictures = new LivePictures()
    const sounds = new LiveSounds()
    /** What is on air, and what guests share at the moment. */
    const isThere = (topic: string): boolean => {
      const { kind, stream, rendition } = parseTopic(topic) ?? {}
      if (stream === undefined || rendition !== undefined) return false
      if (stream === name) return kind === 'video' || kind === 'audio'
      return [...guests].some(
        ({ shown }) => stream === (kind === 'video' ? shown.camera : kind === 'audio' && shown.microphone),
      )
    }
    this.#feeds = new StreamFeeds({
      endpoint,
      isThere,
      onEnvelope: (envelope) => {
        const { topic, block, retained } = envelope
        if (block.kind === 'audio') sounds.add(topic, block, retained)
        else pictures.add(envelope)
      },
      onClose: (topic) => pictures.forget(topic),
      log,
    })
    servePictures(server, pictures, {
      readers: (topic) => this.#feeds.readersOf(topic),
      browsers: new Set(),
      accounts: new ReaderAccounts(),
      teller: new NoticeTeller(undefined),
    })
    serveSounds(server, sounds, (topic) => this.#feeds.readersOf(topic))
  }

  async close(): Promise<void> {
    await this.#feeds.close()
  }
}
