import type { Guest } from './guest.ts'
import { Refusal } from './refusal.ts'

/** @throws {@link Refusal} `ERR_NOT_HOST` for a guest who is no host. */
export function requireHost(guest: Guest): void {
  if (!guest.isHost) throw new Refusal('ERR_NOT_HOST', 'only hosts may do this')
}
