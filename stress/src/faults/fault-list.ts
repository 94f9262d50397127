import { setTimeout as delay } from 'node:timers/promises'
import type { FaultProxy } from '../support/fault-proxy.ts'
import { silence, standStill } from './pauses.ts'
import type { Witness } from './witness.ts'

/** What a fault can be done to. */
export interface Scene {
  readonly proxy: FaultProxy
  readonly witness: Witness
  /** Kills the publisher, and starts another on the same endpoint; resolves when it listens. */
  readonly restartPublisher: () => Promise<void>
  /** The publisher's process. */
  readonly publisherPid: () => number
  /** Starts one more client, waits for its first value, and kills it. */
  readonly killAnotherClient: () => Promise<void>
}

/** A fault, and how long a subscriber may take to go on after it. */
export interface Fault {
  readonly name: string
  /** How often it is done, for each hundred that were asked for. */
  readonly inHundred: number
  /** Seconds from its end to the next value. */
  readonly recoverWithin: number
  /** Whether values that were sent meanwhile may be lost; they must be counted in any case. */
  readonly mayLose: boolean
  /** Whether a sequence number may be changed on its way, so that values seem to come in another order. */
  readonly mayLie?: boolean
  /** Does it; resolves when it is over. */
  strike(scene: Scene): Promise<void>
}

/** The heartbeat of both sides, in seconds. */
export const HEARTBEAT = 2

/** A fault that is over before anybody can notice that is gone takes no longer than this, in seconds. */
const AT_ONCE = 2

/** Every fault that is tried. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'publisher killed and started again',
    inHundred: 100,
    recoverWithin: AT_ONCE,
    mayLose: false,
    strike: ({ restartPublisher }) => restartPublisher(),
  },
  {
    name: 'another client killed',
    inHundred: 100,
    recoverWithin: AT_ONCE,
    mayLose: false,
    strike: ({ killAnotherClient }) => killAnotherClient(),
  },
  {
    name: 'connection reset',
    inHundred: 100,
    recoverWithin: AT_ONCE,
    mayLose: true,
    strike: async ({ proxy }) => proxy.reset(),
  },
  {
    name: 'connection ended inside a message',
    inHundred: 100,
    recoverWithin: AT_ONCE,
    mayLose: true,
    strike: async ({ proxy, witness }) => {
      const { connections } = proxy
      proxy.cutAfter(500 + Math.trunc(Math.random() * 2000))
      while (proxy.connections === connections) await Promise.race([witness.more(1), delay(50)])
    },
  },
  {
    name: 'client stopped for 1 s',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    mayLose: true,
    strike: ({ witness }) => standStill(witness.pid, 1000),
  },
  {
    name: 'client stopped for longer than the heartbeat',
    inHundred: 5,
    recoverWithin: AT_ONCE,
    mayLose: true,
    strike: ({ witness }) => standStill(witness.pid, (HEARTBEAT + 1) * 1000),
  },
  {
    name: 'publisher stopped for 1 s',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    mayLose: true,
    strike: ({ publisherPid }) => standStill(publisherPid(), 1000),
  },
  {
    name: 'cable pulled for 1 s',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    mayLose: false,
    strike: ({ proxy }) => silence(proxy, 1000),
  },
  {
    name: 'cable pulled for longer than the heartbeat',
    inHundred: 5,
    recoverWithin: HEARTBEAT + AT_ONCE,
    mayLose: true,
    strike: ({ proxy }) => silence(proxy, (HEARTBEAT + 1) * 1000),
  },
  {
    name: 'bytes delayed by 300 ms',
    inHundred: 10,
    recoverWithin: AT_ONCE,
    mayLose: false,
    strike: async ({ proxy }) => {
      proxy.delayMs = 300
      await delay(1000)
      proxy.delayMs = 0
    },
  },
  {
    name: 'bytes changed for 1 s',
    inHundred: 10,
    recoverWithin: HEARTBEAT + AT_ONCE,
    mayLose: true,
    mayLie: true,
    strike: async ({ proxy }) => {
      proxy.fault = 'corruption'
      await delay(1000)
      proxy.fault = 'none'
    },
  },
]
