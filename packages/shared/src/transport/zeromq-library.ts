import { createRequire } from 'node:module'
import type * as zmq from 'zeromq'

let library: typeof zmq | undefined

/** zeromq.js, loaded with the first socket: a program that imports zcast starts without it. */
export function zeromq(): typeof zmq {
  if (!library) {
    library = createRequire(import.meta.url)('zeromq') as typeof zmq
    // Sockets here set their own linger; otherwise zeromq.js would advise users of zcast at exit to change this.
    library.context.blocky = false
  }
  return library
}
