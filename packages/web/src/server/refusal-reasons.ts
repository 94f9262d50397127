/** The server is not listening yet, or no more. */
export const NOT_OPEN = 'this is not open at the moment'

/** As many as may stay are there. */
export const TOO_MANY_CLIENTS = 'too many clients at once'

/** As many connections as may stay are there. */
export const TOO_MANY_CONNECTIONS = 'too many connections at once'
