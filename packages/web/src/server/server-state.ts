import type { Log } from '@zcast/shared'
import type { ChannelHall } from './channels/channel-hall.ts'
import type { ClientSlots } from './limits/client-slots.ts'
import type { Connections } from './limits/connections.ts'
import type { Doorkeeper } from './admission/doorkeeper.ts'
import type { OutgoingBudget } from './limits/outgoing-budget.ts'
import type { Routes } from './routes.ts'
import type { SignInLook } from './admission/sign-in.ts'
import type { KeepOut } from './visitor.ts'
import type { CheckedWebServerOptions } from './web-server-options.ts'

/** What a server and those who answer for it share. */
export interface ServerState {
  readonly options: CheckedWebServerOptions
  readonly routes: Routes
  readonly channels: ChannelHall
  readonly slots: ClientSlots
  readonly connections: Connections
  readonly doorkeeper: Doorkeeper
  readonly budget: OutgoingBudget
  /** False before `listen` and after `close`. */
  isOpen: boolean
  keepOut: KeepOut
  look: SignInLook
  log: Log | undefined
}
