import { setTimeout as delay } from 'node:timers/promises'
import type { FaultProxy } from '../support/fault-proxy.ts'
import { HEARTBEAT } from './fault-list.ts'
import type { LaneWitness } from './lane-witness.ts'
import { silence, standStill } from './pauses.ts'

/** What the network carries, in bytes a second: about a third of the pictures. */
export const SLOW = 150_000

/** What a fault on a lane can be done to. */
export interface LaneScene {
  readonly proxy: FaultProxy
  readonly witness: LaneWitness
  /** Kills the publisher, and starts another on the same endpoint; resolves when it listens. */
  readonly restartPublisher: () => Promise<void>
}

/** A fault while a viewer is on a lane, and how long it may take to be fresh again. */
export interface LaneFault {
  readonly name: string
  /** How often it is done, for each hundred that were asked for. */
  readonly inHundred: number
  /** Seconds from its end until a picture is shown that was taken after it. */
  readonly recoverWithin: number
  /** Does it; resolves when it is over. */
  strike(scene: LaneScene): Promise<void>
}

/** Seconds; a picture takes 0.3 s to cross, and those that are queued come first. */
const AT_ONCE = 3

/** Every fault that is tried on a lane. */
export const LANE_FAULTS: readonly LaneFault[] = [
  {
    name: 'network cut',
    inHundred: 20,
    recoverWithin: AT_ONCE,
    strike: async ({ proxy }) => proxy.reset(),
  },
  {
    name: 'network silent for 1 s',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    strike: ({ proxy }) => silence(proxy, 1000),
  },
  {
    name: 'network silent for longer than the heartbeat',
    inHundred: 5,
    recoverWithin: HEARTBEAT + AT_ONCE,
    strike: ({ proxy }) => silence(proxy, (HEARTBEAT + 1) * 1000),
  },
  {
    name: 'network halved for 3 s',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    strike: async ({ proxy }) => {
      proxy.bytesASecond = SLOW / 2
      await delay(3000)
      proxy.bytesASecond = SLOW
    },
  },
  {
    name: 'network fast again for 3 s',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    strike: async ({ proxy }) => {
      proxy.bytesASecond = 100 * SLOW
      await delay(3000)
      proxy.bytesASecond = SLOW
    },
  },
  {
    name: 'viewer stopped for 1 s',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    strike: ({ witness }) => standStill(witness.pid, 1000),
  },
  {
    name: 'viewer stopped for longer than the heartbeat',
    inHundred: 5,
    recoverWithin: AT_ONCE,
    strike: ({ witness }) => standStill(witness.pid, (HEARTBEAT + 1) * 1000),
  },
  {
    name: 'publisher killed and started again',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    strike: ({ restartPublisher }) => restartPublisher(),
  },
]
