import type * as zmq from 'zeromq'
import { OptionError } from '../errors.ts'
import type { CurveOptions } from '../security/curve-options.ts'
import { RefusalReports } from '../security/refusal-reports.ts'
import type { Refusal, RefusalReason } from '../security/refusal.ts'
import { requireCurve, serverOptions } from './zeromq-curve.ts'
import type { ZeromqEvents } from './zeromq-events.ts'
import type { ZeromqPublishSocket } from './zeromq-publish-socket.ts'
import { watchRefusals } from './zeromq-refusals.ts'
import { openZapDomain, type ZapDomain } from './zeromq-zap.ts'

/**
 * Decides which clients may subscribe to one publishing socket, reports those that may not, and cuts off clients whose
 * keys are removed.
 */
export class ZeromqAdmission {
  readonly #curve: CurveOptions | undefined
  readonly #reports: RefusalReports
  #domain: ZapDomain | undefined
  #publisher: ZeromqPublishSocket | undefined

  /**
   * @param curve - `undefined` admits every client, without keys.
   * @throws {@link OptionError} `ERR_OPTION` when the allowed keys are missing.
   * @throws {@link StreamError} `ERR_CURVE` when keys cannot be used here.
   */
  static open(curve: CurveOptions | undefined, onRefused: (refusal: Refusal) => void): ZeromqAdmission {
    const admission = new ZeromqAdmission(curve, new RefusalReports(onRefused))
    if (curve) admission.#openDomain(curve)
    return admission
  }

  private constructor(curve: CurveOptions | undefined, reports: RefusalReports) {
    this.#curve = curve
    this.#reports = reports
  }

  /** Notes an attempt that was refused. */
  readonly report = (reason: RefusalReason, endpoint: string): void => {
    this.#reports.add({ side: 'publisher', reason, endpoint })
  }

  /** The options with which the socket must be created. */
  get socketOptions(): zmq.SocketOptions<zmq.XPublisher> {
    return this.#curve && this.#domain ? serverOptions(this.#curve, this.#domain.name) : {}
  }

  /** Watches a socket that was created with these options; call it before the socket binds or connects. */
  guard(events: ZeromqEvents, publisher: ZeromqPublishSocket): void {
    this.#publisher = publisher
    const secured = this.#curve !== undefined
    watchRefusals(events, { side: 'publisher', secured }, this.report)
    const stop = this.#curve?.allowed?.onRemoved(() => void publisher.cutOff())
    publisher.onClose(() => {
      stop?.()
      this.#domain?.close()
    })
  }

  #openDomain({ allowed }: CurveOptions): void {
    requireCurve()
    if (!allowed) throw new OptionError('publishing with keys needs the keys to allow: give "allowed"')
    this.#domain = openZapDomain((publicKey, address) => {
      if (allowed.allows(publicKey)) return true
      // ZAP does not say which of the endpoints it is.
      const endpoint = this.#publisher?.endpoints.join(' or ') ?? ''
      this.#reports.add({ side: 'publisher', reason: 'key', endpoint, publicKey, address })
      return false
    })
  }
}
