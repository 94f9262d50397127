/**
 * What a subscriber is doing:
 *
 * - `connecting` no publisher is there yet, or the last one has gone
 * - `live` connected to a publisher
 * - `idle` paused: nobody wants anything, so nothing is asked for
 * - `stale` connected, but nothing has come for longer than the heartbeat, or than three of the stream's usual intervals
 * - `denied` a publisher is there, but keys keep the two apart; tried again each second, and `live` once it succeeds
 * - `closed` ended
 */
export type SubscriberState = 'connecting' | 'live' | 'idle' | 'stale' | 'denied' | 'closed'
