import { readFile } from 'node:fs/promises'
import type { NatsOptions } from '@zcast/shared'
import type { NatsServer } from '@zcast/shared/internal'
import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from './nats-library.ts'

/** How this end says who it is. @throws Error of the system, when the file cannot be read. */
export async function readCredentials(
  { credentialsFile }: NatsOptions,
  servers: readonly NatsServer[],
): Promise<Authenticator | undefined> {
  if (credentialsFile !== undefined) return authenticatorOf(await readFile(credentialsFile))
  const named = servers.find(({ user }) => user !== undefined)
  if (named?.user === undefined) return undefined
  return named.password === undefined
    ? tokenAuthenticator(named.user)
    : usernamePasswordAuthenticator(named.user, named.password)
}

function authenticatorOf(file: Buffer): Authenticator {
  const text = file.toString()
  if (text.includes('-----BEGIN NATS')) return credsAuthenticator(file)
  const line = text.trim()
  if (/^S[A-Z2-7]{57}$/.test(line)) return nkeyAuthenticator(Buffer.from(line))
  const colon = line.indexOf(':')
  return colon < 0
    ? tokenAuthenticator(line)
    : usernamePasswordAuthenticator(line.slice(0, colon), line.slice(colon + 1))
}
