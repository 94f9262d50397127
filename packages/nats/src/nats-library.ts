/** The only module that imports the libraries of NATS. */
export {
  type Authenticator,
  connect,
  type ConnectionOptions,
  createInbox,
  credsAuthenticator,
  errors,
  headers,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  nkeyAuthenticator,
  type NodeConnectionOptions,
  type Subscription,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  wsconnect,
} from '@nats-io/transport-node'
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
