import type { Command } from '../../command.ts'

/** `zcast demo`: everything at once. */
export const demo: Command = {
  usage: 'demo',
  positionals: {},
  groups: [
    {
      subject: 'Demo',
      options: {
        video: { type: 'string', value: 'FILE', describe: 'clip to send instead of the test pattern' },
        'numbers-port': { type: 'string', value: 'N', describe: 'port of the numbers [default: 5556]' },
        'video-port': { type: 'string', value: 'N', describe: 'port of the video [default: 5557]' },
        'room-port': { type: 'string', value: 'N', describe: "port of the room's topics [default: 5560]" },
        port: {
          type: 'string',
          value: 'N',
          describe:
            'port of the dashboard; the page of viewer N is on this port + N, that of the room on this port + 10 [default: 8080]',
        },
        for: {
          type: 'string',
          value: 'TIME',
          describe: 'stop after this long, counted from when everything is running: 10s, 2m',
        },
      },
    },
  ],
  examples: [
    ['zcast demo', 'until Ctrl-C'],
    ['zcast demo --video clip.mp4 --for 30s', 'a clip of your own, for half a minute'],
  ],
  plan: async (args) => (await import('./plan-demo.ts')).planDemo(args),
}
