/** Streams over NATS servers: endpoints `nats://`, `tls://` and `wss://`. */
export { NatsTransport } from './nats-transport.ts'
