import type { SocketPlan } from '../../options/sockets/plan-socket.ts'
import type { SubscriberKeys } from '../../options/keys/read-keys.ts'

/** What the doctor looks at. */
export interface DoctorPlan extends SocketPlan {
  readonly connect: readonly string[]
  /** True when nobody named an endpoint: that nobody listens at one of zcast's own is then no fault. */
  readonly isDefault: boolean
  /** Empty for every topic. */
  readonly topics: readonly string[]
  /** Addresses of pages of viewers, such as `http://127.0.0.1:8081`. */
  readonly pages: readonly string[]
  readonly keys: SubscriberKeys
  readonly logDirectory: string
}
