import { freePort } from '@zcast/testing/network/free-ports'

/** The ports of a demo. */
export interface DemoPorts {
  readonly numbers: number
  readonly video: number
  readonly room: number
  /** That of the dashboard; those of the other pages are above it. */
  readonly pages: number
  /** The arguments that choose them. */
  readonly args: readonly string[]
}

/** Free ports for a demo and all of its pages. */
export async function freeDemoPorts(): Promise<DemoPorts> {
  const numbers = await freePort(14)
  const [video, room, pages] = [numbers + 1, numbers + 2, numbers + 3]
  const named = { 'numbers-port': numbers, 'video-port': video, 'room-port': room, port: pages }
  const args = Object.entries(named).flatMap(([name, port]) => [`--${name}`, String(port)])
  return { numbers, video, room, pages, args }
}
