import { addressOf } from '../../page/address.js'

/** Sends a recorded clip to the room. @param {Blob} bytes @param {string} key That of the guest. @returns {Promise<string>} Why it was refused; empty where it was not. */
export async function sendClip(bytes, key) {
  const headers = { 'content-type': bytes.type, 'zcast-guest': key }
  const response = await fetch(addressOf('voices'), { method: 'POST', body: bytes, headers }).catch(
    () => undefined,
  )
  if (!response) return 'the room cannot be reached, try again.'
  return response.ok ? '' : (await response.text()).trim() || 'the room does not take it.'
}
