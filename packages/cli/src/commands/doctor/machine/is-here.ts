import { networkInterfaces } from 'node:os'
import { isLoopbackHost } from '@zcast/shared/internal'

/** True for an address of this machine. */
export function isHere(address: string): boolean {
  return (
    isLoopbackHost(address) ||
    Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address === address) ?? false)
  )
}
