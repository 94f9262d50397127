import type { X509Certificate } from 'node:crypto'
import { Agent } from 'node:https'
import { isIP } from 'node:net'
import { connect } from 'node:tls'

/** Certificates that are trusted besides the system's. */
export interface Trust {
  /** Certificates of authorities, the system's included; `undefined` for those only. */
  readonly authorities: string[] | undefined
  /** True for a certificate that was named. */
  has(certificate: X509Certificate): boolean
}

type Created = (error: Error | null, socket?: unknown) => void

/** Connects over TLS to whom is trusted; nothing is sent before the certificate was looked at. */
export function trustingAgent(trust: Trust): Agent {
  const agent = new Agent()
  const createConnection = (options: { host?: string; port?: number }, created: Created): undefined => {
    const { host = '', port } = options
    const socket = connect({
      host,
      port: Number(port),
      servername: isIP(host) === 0 ? host : '',
      ...(trust.authorities && { ca: trust.authorities }),
      ALPNProtocols: ['http/1.1'],
      // Checked below, so that certificates that were named are accepted.
      rejectUnauthorized: false,
    })
    const fail = (error: Error): void => created(error)
    socket.once('error', fail)
    socket.once('secureConnect', () => {
      socket.off('error', fail)
      const certificate = socket.getPeerX509Certificate()
      if (socket.authorized || (certificate && trust.has(certificate))) return created(null, socket)
      // Node puts the code here, despite its types.
      const code = String(socket.authorizationError ?? 'ERR_TLS_CERT')
      socket.destroy()
      created(Object.assign(new Error('the certificate is not trusted'), { code }))
    })
    return undefined
  }
  return Object.assign(agent, { createConnection })
}
