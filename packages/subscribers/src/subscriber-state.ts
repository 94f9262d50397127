/**
 * The state of a subscriber:
 *
 * - `connecting` no publisher is there yet, or the last one has gone
 * - `live` connected to a publisher
 * - `idle` paused: nobody wants values, so nothing is subscribed to
 * - `stale` connected, but nothing has come for longer than the heartbeat, or than three of the stream's usual
 *   intervals
 * - `denied` a publisher is there, but keys prevent the connection; it is retried every second, and becomes `live` once
 *   it succeeds
 * - `closed` ended
 */
export type SubscriberState = 'connecting' | 'live' | 'idle' | 'stale' | 'denied' | 'closed'
