/** The only module that imports the libraries of NATS. */
export {
  type Authenticator,
  type ConnectionOptions,
  createInbox,
  credsAuthenticator,
  errors,
  headers,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  NatsConnectionImpl,
  nkeyAuthenticator,
  type NodeConnectionOptions,
  setTransportFactory,
  type Subscription,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  wsconnect,
} from '@nats-io/transport-node'
export { NodeTransport } from '@nats-io/transport-node/lib/node_transport.js'
export {
  DeliverPolicy,
  DiscardPolicy,
  jetstream,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type StreamConfig,
  StorageType,
} from '@nats-io/jetstream'
