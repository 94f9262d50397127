/** A member of a room in another process: what `zcast chat` is made of. It loads nothing of the room itself. */
export { parseRoomAddress, type RoomAddress } from './room-address.ts'
export type { Trust } from './trusting-agent.ts'
export { RoomClient, type RoomClientOptions } from './room-client.ts'
export type { GuestMessage } from '../messages/guest-messages.ts'
export type {
  BannedGuest,
  ChatLine,
  GuestView,
  RoomMessage,
  WelcomeMessage,
} from '../messages/room-messages.ts'
export { cleanName, MAX_NAME } from '../people/clean-name.ts'
