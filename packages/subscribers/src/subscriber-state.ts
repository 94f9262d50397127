/**
 * What a subscriber is doing:
 *
 * - `connecting` no publisher is there yet, or the last one has gone
 * - `live` connected to a publisher
 * - `stale` connected, but nothing has come for longer than the heartbeat, or than three of the stream's usual intervals
 * - `denied` refused by the publisher; nothing refuses yet
 * - `closed` ended
 */
export type SubscriberState = 'connecting' | 'live' | 'stale' | 'denied' | 'closed'
