import type { ChannelHall } from './channels/channel-hall.ts'
import type { Exchange } from './exchange.ts'
import type { RouteKind } from './admission/guard.ts'

/** The options of a path. */
export interface RouteOptions extends RouteKind {
  /** Lasts long, so it counts towards `maxClients`. */
  readonly lasting?: boolean
  /** Also answers every path that begins with this one, which then ends with `/`. Default false. */
  readonly below?: boolean
  /** Its bodies may take as long as the handler lets them; others have 20 s to arrive. Default false. */
  readonly slowBodies?: boolean
}

/** Answers an admitted request; may throw {@link HttpRefusal}. */
export type RouteHandler = (exchange: Exchange) => void | Promise<void>

/** A path as a request meets it. */
export interface Route extends RouteOptions {
  /** `undefined` for a channel. */
  readonly handle?: RouteHandler
}

/** Without a WebSocket, what is said on a channel is posted. */
const CHANNEL: Route = { methods: ['POST'] }

/** The paths that a server answers. */
export class Routes {
  readonly #routes = new Map<string, Route>()
  readonly #channels: ChannelHall

  constructor(channels: ChannelHall) {
    this.#channels = channels
  }

  /** Has a path answered. */
  add(path: string, handle: RouteHandler, options: RouteOptions): void {
    this.#routes.set(path, { ...options, handle })
  }

  /** The route of a path, also one that answers all below it; `undefined` when there is nothing. */
  find(path: string): Route | undefined {
    const route = this.#routes.get(path)
    if (route) return route
    if (this.#channels.has(path)) return CHANNEL
    const parent = this.#routes.get(path.slice(0, path.indexOf('/', 1) + 1))
    return parent?.below ? parent : undefined
  }
}
