import { type Log, parseTopic } from '@zcast/shared'
import { errorMessage } from '@zcast/shared/internal'
import { sendBytes, sendJson, type Exchange } from '../server/exchange.ts'
import { HttpRefusal } from '../server/http-refusal.ts'
import type { WebChannel } from '../server/channels/web-channel.ts'
import type { WebServer } from '../server/web-server.ts'
import { type NumbersTile, readNumbersTile } from './numbers-tile.ts'
import { readPastChat } from './past-chat.ts'
import { readPastLines } from './past-lines.ts'
import type { Past } from './past.ts'
import { PastViewer } from './past-viewer.ts'
import { ReadingTurns } from './reading-turns.ts'
import { SavedSelections } from './saved-selections.ts'
import { readSoundTile, type SoundTile } from './sound-tile.ts'
import { Timeline } from './timeline.ts'

/** The most that a page says at once: 64 topics. */
const MOST_MESSAGE_BYTES = 10_000
const REFRESH_MS = 1000
/** Tiles of a kind that are read at once; further ones wait, and are left out where nobody waits for them any more. */
const MOST_READING = 2
const POSITIONS = /^\d{1,7}(?:,\d{1,7}){0,31}$/
const TILE = /^\d{1,10}$/
const SOUND_KINDS = new Set(['audio', 'voice'])

/** What serves the past. */
export interface PastService {
  /** Frees everything. May be called twice. */
  close(): Promise<void>
}

/**
 * Serves the past to pages: what is kept and its pictures over `/history`, numbers and lines around a moment, and
 * selections as files.
 */
export function servePast(server: WebServer, past: Past, log: Log | undefined): PastService {
  const timeline = new Timeline(past)
  const saved = new SavedSelections(past)
  const channels = new Map<WebChannel, string>()
  let refreshing: NodeJS.Timeout | undefined

  const tell = (channel: WebChannel): void => {
    const { message } = timeline
    // A page that reads slowly is told the newest state afterwards.
    if (channels.get(channel) === message || channel.bufferedBytes > 0) return
    channels.set(channel, message)
    channel.send(message)
  }
  const refresh = async (): Promise<void> => {
    try {
      await timeline.refresh()
    } catch (error) {
      const message = 'what is kept cannot be read'
      log?.warning(`${message}: ${errorMessage(error)}`, error, message)
    }
    for (const channel of channels.keys()) tell(channel)
    if (channels.size > 0 && refreshing === undefined)
      refreshing = setTimeout(() => {
        refreshing = undefined
        void refresh()
      }, REFRESH_MS).unref()
  }

  server.channel(
    '/history',
    (channel) => {
      channels.set(channel, '')
      channel.onClose(() => channels.delete(channel))
      void new PastViewer(channel, past, log)
      void refresh()
    },
    { maxMessageBytes: MOST_MESSAGE_BYTES },
  )

  const readingNumbers = new ReadingTurns(MOST_READING)
  server.route('/history/numbers', async (exchange) => {
    const tile = readTile(exchange.url)
    const isWanted = (): boolean => !exchange.response.destroyed
    const bytes = await readingNumbers.take(isWanted, () => readNumbersTile(past.history, tile, isWanted))
    if (bytes) sendUncached(exchange, bytes)
  })
  // What is heard cannot wait until charts are read.
  const readingSound = new ReadingTurns(MOST_READING)
  server.route('/history/sound', async (exchange) => {
    const tile = findSoundTile(exchange.url)
    const isWanted = (): boolean => !exchange.response.destroyed
    const read = await readingSound.take(isWanted, () => readSoundTile(past.history, tile, isWanted))
    // The page asks on where the answer ended.
    if (read) sendUncached(exchange, read.bytes, read.isCut ? { 'Zcast-Cut': '1' } : {})
  })
  const readingChat = new ReadingTurns(1)
  server.route('/history/chat', async (exchange) => {
    const isWanted = (): boolean => !exchange.response.destroyed
    const chat = await readingChat.take(isWanted, () => readPastChat(past.history, isWanted))
    if (chat) sendJson(exchange, chat)
  })
  server.route('/history/lines', async (exchange) => {
    const at = Number(exchange.url.searchParams.get('at') ?? Number.NaN)
    if (!(at >= 0)) throw new HttpRefusal(400, 'at must be seconds since the Unix epoch')
    sendJson(exchange, await readPastLines(past.history, at))
  })
  const save = async (exchange: Exchange): Promise<void> => {
    if (exchange.request.method !== 'POST') throw new HttpRefusal(405, 'a selection is saved by POST')
    sendJson(exchange, await saved.save(exchange.url.searchParams))
  }
  server.route('/history/save', save, { methods: ['POST'] })
  server.route('/history/saved', (exchange) => saved.send(exchange))
  return {
    close: async () => {
      clearTimeout(refreshing)
      await saved.close()
    },
  }
}

function sendUncached(exchange: Exchange, bytes: Uint8Array, headers: Record<string, string> = {}): void {
  sendBytes(exchange, 'application/octet-stream', bytes, { ...headers, 'Cache-Control': 'no-store' })
}

function findSoundTile({ searchParams }: URL): SoundTile {
  const topic = searchParams.get('topic') ?? ''
  const tile = searchParams.get('tile') ?? ''
  const after = Number(searchParams.get('after') ?? 0)
  if (!SOUND_KINDS.has(parseTopic(topic)?.kind ?? '') || !TILE.test(tile) || !(after >= 0))
    throw new HttpRefusal(400, 'there is no such sound')
  return { topic, tile: Number(tile), after }
}

function readTile({ searchParams }: URL): NumbersTile {
  const topic = searchParams.get('topic') ?? ''
  const tile = searchParams.get('tile') ?? ''
  const positions = searchParams.get('positions')
  if (!parseTopic(topic) || !TILE.test(tile) || (positions !== null && !POSITIONS.test(positions)))
    throw new HttpRefusal(400, 'there are no such numbers')
  return {
    topic,
    tile: Number(tile),
    positions: positions === null ? undefined : [...new Set(positions.split(',').map(Number))],
  }
}
