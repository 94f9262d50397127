// A user name and a password before the host, plain or percent-encoded, as in
// `?src=rtsp%3A%2F%2Fname%3Apassword%40host`.
const USER_INFO = /(\/\/)[^/?#\s]*@/g
const ENCODED_USER_INFO = /(%2F%2F)(?:(?!%2F|%3F)[^/?#&\s])*%40/gi

// Of a NATS server everything up to the last `@`: a password may hold what ends a host in other URLs. The next URL of a
// list is not a part of it.
const NATS_USER_INFO = /\b((?:nats|tls|wss?):\/\/)(?:(?!\w+:\/\/)\S)*@/g

/**
 * `key=value` in the query, the fragment, or the path of a URL (`/user=admin_password=x_channel=1`, as some cameras
 * use), plain or percent-encoded. The value ends where the next pair or the URL ends.
 */
const PAIR = /([?&;/_#]|%3F|%26|%3B)([\w.%$~[\]-]{1,64}?)(=|%3D)((?:(?!_[a-z]+=|%26|%3B|["'<>\s&;#\\]).)+)/gi

/** Words that mark a key as secret wherever they occur in it, in lower case, without separators. */
const SECRET_WORDS =
  /user|usr|uname|login|pass|pwd|psw|secret|token|auth|signature|credential|session|jwt|apikey|cookie|bearer|ticket/
const SECRET_KEYS = new Set(['pw', 'pin', 'key', 'sig', 'sid', 'hmac', 'hash', 'account'])
const SECRET_ENDING = /key$|sid$|sessid$/

/**
 * Removes the secrets of URLs from a text, for logs and screens: user names and passwords before a host, and the values
 * of all parameters whose names say that they hold one (`user`, `pwd`, `token`, `api_key`, `sig`, ...).
 */
export function hideSecrets(text: string): string {
  return hideValues(
    text
      .replaceAll(NATS_USER_INFO, '$1***@')
      .replaceAll(USER_INFO, '$1***@')
      .replaceAll(ENCODED_USER_INFO, '$1***%40'),
  )
}

function hideValues(text: string): string {
  return text.replaceAll(PAIR, (_, before: string, key: string, equals: string, value: string) => {
    // A value that is not secret itself may hold another URL.
    return `${before}${key}${equals}${isSecret(key) ? '***' : hideValues(value)}`
  })
}

/** True when a text contains a URL with a secret. */
export function hasSecrets(text: string): boolean {
  return hideSecrets(text) !== text
}

function isSecret(key: string): boolean {
  const word = decode(key)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
  return SECRET_KEYS.has(word) || SECRET_WORDS.test(word) || SECRET_ENDING.test(word)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
