/** The details of a request that was refused. */
export interface RefusalContext {
  /** True when it was sent with a user name and a password. */
  readonly hasCredentials: boolean
  /** The schemes that the refusal offers, in lower case. */
  readonly schemes?: readonly string[] | undefined
}

const WHERE = 'in the URL as NAME:PASSWORD@HOST, best in the configuration file or as ZCAST_VIDEO'

/** Explains the status of an answer to somebody who wants to see a camera, as a clause after its number. */
export function describeStatus(status: number, { hasCredentials, schemes = [] }: RefusalContext): string {
  const meaning = meaningOf(status, hasCredentials, schemes)
  return meaning === undefined ? String(status) : `${status}: ${meaning}`
}

function meaningOf(status: number, hasCredentials: boolean, schemes: readonly string[]): string | undefined {
  if (status === 401 || status === 407) return describeLogin(hasCredentials, schemes)
  if (status === 403) {
    return hasCredentials
      ? 'this user may not see it: check its permissions on the camera'
      : `it requires a name and a password: give them ${WHERE}`
  }
  if (status === 404 || status === 410) return 'there is nothing at this path: check the address'
  if (status === 400 || status === 405 || status === 454)
    return 'it does not understand this address: check it'
  if (status === 429 || status === 453 || status === 503) return 'it is busy, or has too many viewers already'
  if (status === 502 || status === 504) return 'the server in between cannot reach the camera'
  if (status >= 500) return 'something went wrong inside it'
  return undefined
}

function describeLogin(hasCredentials: boolean, schemes: readonly string[]): string {
  const known = schemes.length === 0 || schemes.includes('basic') || schemes.includes('digest')
  if (!known) return `it requires a login by ${schemes.join(' or ')}, but only Basic and Digest are supported`
  return hasCredentials
    ? 'the name or the password is wrong'
    : `it requires a name and a password: give them ${WHERE}`
}
