/** Where a relay listens, unless it is told otherwise. */
export const RELAY_ENDPOINT = 'tcp://127.0.0.1:5550'
