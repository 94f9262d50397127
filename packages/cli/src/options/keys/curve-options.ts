import type { OptionSpecs } from '../option-spec.ts'

const CURVE = {
  type: 'string',
  value: 'KEYS',
  describe: 'encrypt with the keys of this name; see "zcast help keys" [default: not encrypted]',
} as const

/** Options of a publisher that encrypts. */
export const PUBLISHER_KEY_OPTIONS: OptionSpecs = {
  curve: CURVE,
  allow: {
    type: 'list',
    value: 'KEYS',
    describe:
      'with --curve, the keys that may subscribe: NAME,NAME or a folder of *.key files; NAME=numbers, NAME=video or NAME=audio allows that kind only; may be repeated',
  },
}

/** Options of a subscriber that encrypts. */
export const SUBSCRIBER_KEY_OPTIONS: OptionSpecs = {
  curve: CURVE,
  'server-key': {
    type: 'string',
    value: 'FILE',
    describe: "with --curve, the publisher's public key: its file or its name",
  },
}
