import type { Command } from '../../command.ts'
import { SUBSCRIBER_KEY_OPTIONS } from '../../options/keys/curve-options.ts'
import { FOR_OPTION } from '../../options/ending-options.ts'
import { FORMAT_OPTION } from '../../options/sockets/format-option.ts'
import { RETAIN_OPTIONS, TO_NATS_OPTIONS } from '../../options/sockets/nats-options.ts'
import { losslessOption } from '../../options/sockets/sending-options.ts'
import { SOCKET_OPTIONS } from '../../options/sockets/socket-options.ts'
import { RELAY_ENDPOINT } from './relay-endpoint.ts'

/** `zcast relay`: from publishers above to subscribers below. */
export const relay: Command = {
  usage: 'relay',
  positionals: {},
  groups: [
    {
      subject: 'Where values come from',
      options: {
        connect: {
          type: 'list',
          value: 'ENDPOINT',
          describe: 'endpoint of a publisher or of another relay; may be repeated',
        },
        listen: {
          type: 'list',
          value: 'ENDPOINT',
          describe: 'listen on this endpoint, for publishers that connect to it; may be repeated',
        },
        format: FORMAT_OPTION,
        ...SUBSCRIBER_KEY_OPTIONS,
      },
    },
    {
      subject: 'Where they go',
      options: {
        bind: {
          type: 'list',
          value: 'ENDPOINT',
          describe: `listen on this endpoint, for subscribers; may be repeated [default: ${RELAY_ENDPOINT}]`,
        },
        to: {
          type: 'list',
          value: 'ENDPOINT',
          describe: 'connect to this endpoint of subscribers that listen, instead; may be repeated',
        },
        'to-format': {
          ...FORMAT_OPTION,
          describe: 'send in the format of other programs, as with --format [default: zcast]',
        },
        'to-curve': {
          type: 'string',
          value: 'KEYS',
          describe: 'encrypt with the keys of this name; see "zcast help keys" [default: not encrypted]',
        },
        ...TO_NATS_OPTIONS,
        allow: {
          type: 'list',
          value: 'KEYS',
          describe:
            'with --to-curve, the keys that may subscribe: NAME,NAME or a folder of *.key files; may be repeated',
        },
      },
    },
    {
      subject: 'Delivery',
      options: {
        delivery: losslessOption(
          'default: a subscriber that is too slow misses values',
          'nothing but pictures',
        ),
        'max-rate': {
          type: 'list',
          value: 'TOPIC=N/s',
          describe:
            'pass on at most this many values a second of a topic, as in video/*=5/s; the others count as withheld; may be repeated',
        },
        carries: {
          type: 'string',
          value: 'WHAT',
          choices: ['numbers', 'pictures', 'both'],
          describe:
            'what the queues are made for: numbers, pictures or both [default: what the publishers offer]',
        },
        ...RETAIN_OPTIONS,
        ...SOCKET_OPTIONS,
      },
    },
    {
      subject: 'Reports',
      options: {
        'metrics-port': {
          type: 'string',
          value: 'N',
          describe: 'serve counts for Prometheus at http://127.0.0.1:N/metrics, 0 for any free port',
        },
      },
    },
    { subject: 'Ending', options: { for: FOR_OPTION } },
  ],
  examples: [
    ['zcast relay --connect tcp://10.0.0.7:5557 --bind tcp://0.0.0.0:5550', 'a camera for a whole site'],
    ['zcast relay --connect tcp://a:5556 --connect tcp://b:5557', 'two publishers at one endpoint'],
    ["zcast relay --connect tcp://a:5557 --max-rate 'video/*=5/s'", 'five pictures a second at most'],
    ['zcast relay --connect tcp://a:5556 --delivery all', 'numbers without a loss'],
    ['zcast relay --connect tcp://a:5556 --to nats://10.0.0.7', 'to a NATS server'],
  ],
  plan: async (args) => (await import('./plan-relay.ts')).planRelay(args),
}
