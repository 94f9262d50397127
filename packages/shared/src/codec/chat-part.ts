import { isUtf8 } from 'node:buffer'
import type { ChatBlock } from '../block.ts'
import { invalid } from './codec.ts'
import { isUint, type CodecPart } from './part.ts'

/** The longest words of a message of a chat, in bytes of UTF-8. */
export const MAX_CHAT_BYTES = 16 * 1024
/** The longest name and the longest id of a guest, in UTF-16 units. */
const MAX_NAME = 256

/** What somebody said: the attachment is the words, plain UTF-8. */
export const CHAT_PART: CodecPart<ChatBlock> = {
  encode({ id, name, guest, removed, data }, header) {
    header['id'] = id
    header['name'] = name
    header['guest'] = guest
    if (removed) header['removed'] = true
    return data
  },

  decode({ seq, time }, { id, name, guest = '', removed }, message) {
    const data = message[2]
    if (message.length !== 3 || !data) return invalid('chat has 3 parts')
    if (!isUint(id)) return invalid('id is not an unsigned integer')
    if (typeof name !== 'string' || typeof guest !== 'string') return invalid('name or guest is not a string')
    if (name.length > MAX_NAME || guest.length > MAX_NAME) return invalid('name or guest is too long')
    if (data.byteLength > MAX_CHAT_BYTES) return invalid(`the words have more than ${MAX_CHAT_BYTES} bytes`)
    if (!isUtf8(data)) return invalid('the words are not UTF-8')
    return { kind: 'chat', seq, time, id, name, guest, ...(removed === true && { removed }), data }
  },
}
