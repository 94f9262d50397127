import type { OptionSpecs } from '../option-spec.ts'

/** Options of sources that produce pictures in their own time. */
export const LIVE_OPTIONS: OptionSpecs = {
  'exit-on-end': {
    type: 'boolean',
    describe: 'stop when a live source ends or fails, instead of trying again',
  },
  watch: { type: 'boolean', describe: 'show new pictures of a folder as they arrive' },
  'trust-cert': {
    type: 'list',
    value: 'CERTIFICATE',
    describe:
      'certificate of an https camera to accept although its issuer is unknown: a PEM file, sha256:FINGERPRINT, or ' +
      'sha256//PUBLICKEY as for curl --pinnedpubkey; may be repeated',
  },
}
