/** A user name and a password, without percent-encoding. */
export interface Credentials {
  readonly name: string
  readonly password: string
}

/** The user name and password of a URL, with percent-encoding undone; `undefined` when it has none. */
export function credentialsOf(url: URL): Credentials | undefined {
  if (url.username === '' && url.password === '') return undefined
  return { name: decode(url.username), password: decode(url.password) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
