import type { History } from '@zcast/subscribers'
import type { PastChat, SaidLine } from './past-messages.ts'

/** More lines than that, and longer texts in all, are left out: the oldest. */
const MOST_LINES = 5000
const MOST_BYTES = 2 * 2 ** 20

/** Everything that was said in the chats of a recording, but for what was taken back, whenever that was. */
export async function readPastChat(history: History, isWanted: () => boolean): Promise<PastChat> {
  const topics = history
    .topics()
    .map(({ topic }) => topic)
    .filter((topic) => topic.startsWith('chat/'))
  const decoder = new TextDecoder()
  const said = new Map<string, SaidLine & { readonly bytes: number }>()
  let bytes = 0
  const forget = (key: string): void => {
    bytes -= said.get(key)?.bytes ?? 0
    said.delete(key)
  }
  for await (const { recordedAt, envelope } of topics.length === 0 ? [] : history.blocks({ topics })) {
    const { block, topic } = envelope
    if (!isWanted()) break
    if (block.kind !== 'chat') continue
    const key = `${topic} ${block.id}`
    forget(key)
    if (block.removed) continue
    const { byteLength } = block.data
    said.set(key, { time: recordedAt, name: block.name, text: decoder.decode(block.data), bytes: byteLength })
    bytes += byteLength
    for (const oldest of said.keys()) {
      if (said.size <= MOST_LINES && bytes <= MOST_BYTES) break
      forget(oldest)
    }
  }
  const lines = [...said.values()].map(({ time, name, text }) => ({ time, name, text }))
  return { said: lines.sort((one, other) => one.time - other.time) }
}
