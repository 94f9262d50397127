/** A room where people watch together, chat, speak, and show their cameras, on one page and one ZeroMQ endpoint. */
export { Room } from './room.ts'
export { ROOM_ENDPOINT, type RoomOptions } from './room-options.ts'
export type {
  BannedGuest,
  ChatLine,
  Film,
  GuestView,
  RoomMessage,
  RoomRules,
  Screen,
  VoiceClip,
  WelcomeMessage,
} from './messages/room-messages.ts'
export { type LiveSource, parseLiveSource } from './screen/parse-live-source.ts'
