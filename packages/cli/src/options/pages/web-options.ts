import type { OptionSpecs } from '../option-spec.ts'

/** Options of every command that serves a page. */
export const WEB_OPTIONS: OptionSpecs = {
  host: {
    type: 'string',
    value: 'ADDRESS',
    describe: 'address that the page listens on; 0.0.0.0 opens it to the network [default: 127.0.0.1]',
  },
  'token-file': {
    type: 'string',
    value: 'FILE',
    describe: 'file with the token that opens the page; or set ZCAST_TOKEN',
  },
  https: {
    type: 'boolean',
    describe: 'serve over TLS, with a certificate made for this machine, whose fingerprint is printed',
  },
  'tls-cert': { type: 'string', value: 'FILE', describe: 'certificate of the page, with its chain (PEM)' },
  'tls-key': { type: 'string', value: 'FILE', describe: 'private key of that certificate (PEM)' },
  'no-token': { type: 'boolean', describe: 'let in everybody who can reach the page' },
  'allowed-host': {
    type: 'list',
    value: 'NAME',
    describe: "another name of the page's server, such as that of a proxy; may be repeated",
  },
  'allow-origin': {
    type: 'list',
    value: 'URL',
    describe: 'site that may embed the page and its stream, such as http://grafana.lan:3000; may be repeated',
  },
}
