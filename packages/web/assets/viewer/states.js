/** What a viewer says in each state: one word in the bar, a title and a sentence over the picture. */

/** One word, and a sentence. @type {Record<string, [string, string]>} */
export const STATES = {
  opening: ['Connecting', ''],
  connecting: ['Waiting', 'The picture appears by itself once there is one.'],
  empty: ['Waiting', 'The publisher is there; its first picture is still to come.'],
  live: ['Live', ''],
  slow: ['Slow', ''],
  paused: ['Paused', ''],
  past: ['Not live', ''],
  missing: ['Not live', 'Nothing is kept of this moment.'],
  silent: ['Silent', 'The publisher is there but sends nothing new.'],
  idle: ['Idle', 'Nobody was looking; the picture comes by itself.'],
  stale: ['Stale', 'Connected, but nothing is heard from the publisher.'],
  denied: ['Refused', 'The publisher does not let this viewer in; check its keys.'],
  closed: ['Ended', 'The viewer has ended.'],
  offline: ['Offline', 'The viewer cannot be reached; trying again.'],
  refused: [
    'Locked',
    'The viewer needs its token, as after it was started again: reload this page to sign in.',
  ],
}
/** Where the word alone would not do. @type {Record<string, string>} */
export const TITLES = {
  connecting: 'Waiting for a publisher',
  empty: 'Waiting for a picture',
  missing: 'No picture',
  silent: 'No new picture',
}
