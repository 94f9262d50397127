/** The wire formats of other programs: codecs, and the transports of their sockets. */
export type { Format, FormatEnd, FormatEndpoints } from './format.ts'
export { findFormat, FORMATS } from './format-table.ts'
export { ImagezmqCodec, ImagezmqPixelsCodec } from './imagezmq/imagezmq-codec.ts'
export { NetgearCodec, type NetgearPattern } from './netgear/netgear-codec.ts'
export { PickleCodec } from './pickle/pickle-codec.ts'
