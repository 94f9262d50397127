/** A name and a password, as a person knows them. */
export interface Credentials {
  readonly name: string
  readonly password: string
}

/** The name and password of a URL, percent-encoding undone; `undefined` where it has none. */
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
