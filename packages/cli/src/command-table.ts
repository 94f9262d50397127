import type { Command } from './command.ts'

/** A command as `zcast --help` lists it, with a way to load the rest of it. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<Command>
}

/** Every command, in the order of `zcast --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'publish',
    summary: 'send numbers, video or sound: of files, cameras and programs, or made up for a test',
    load: async () => (await import('./commands/publish/publish.ts')).publish,
  },
  {
    name: 'client',
    summary: 'print numbers: client 1 (even positions), 2 (odd) or 3 (all)',
    load: async () => (await import('./commands/client/client.ts')).client,
  },
  {
    name: 'viewer',
    summary: 'show video in a web page, the terminal or a window, or record it',
    load: async () => (await import('./commands/viewer/viewer.ts')).viewer,
  },
  {
    name: 'listener',
    summary: 'play sound on the speakers, show its level, or save it',
    load: async () => (await import('./commands/listener/listener.ts')).listener,
  },
  {
    name: 'dashboard',
    summary: 'show the numbers, every video and the error log in one page',
    load: async () => (await import('./commands/dashboard/dashboard.ts')).dashboard,
  },
  {
    name: 'topic',
    summary: 'list, print and measure the topics of any ZeroMQ publisher',
    load: async () => (await import('./commands/topic/topic.ts')).topic,
  },
  {
    name: 'foxglove',
    summary: 'show the numbers and every video in Foxglove, Lichtblick or PlotJuggler',
    load: async () => (await import('./commands/foxglove/foxglove.ts')).foxglove,
  },
  {
    name: 'doctor',
    summary: 'say what is wrong with a stream, and what to do about it',
    load: async () => (await import('./commands/doctor/doctor.ts')).doctor,
  },
  {
    name: 'record',
    summary: 'record topics to an MCAP file that survives a crash',
    load: async () => (await import('./commands/record/record.ts')).record,
  },
  {
    name: 'play',
    summary: 'send a recording again, at its own pace or another',
    load: async () => (await import('./commands/play/play.ts')).play,
  },
  {
    name: 'info',
    summary: 'say what is in a recording, and what is missing in it',
    load: async () => (await import('./commands/info/info.ts')).info,
  },
  {
    name: 'export',
    summary: 'write a stream of a recording as CSV, Parquet, MP4, WAV or single pictures',
    load: async () => (await import('./commands/export/export.ts')).exportRecording,
  },
  {
    name: 'recover',
    summary: 'repair a recording that was cut short',
    load: async () => (await import('./commands/recover/recover.ts')).recover,
  },
  {
    name: 'relay',
    summary: 'pass on what publishers send, to more subscribers than they can serve',
    load: async () => (await import('./commands/relay/relay.ts')).relay,
  },
  {
    name: 'room',
    summary: 'open a room where people watch together, chat, speak and show their cameras',
    load: async () => (await import('./commands/room/room.ts')).room,
  },
  {
    name: 'chat',
    summary: 'talk in a room from a terminal or a program',
    load: async () => (await import('./commands/chat/chat.ts')).chat,
  },
  {
    name: 'keys',
    summary: 'make or list the keys that encrypt a stream and control who may watch it',
    load: async () => (await import('./commands/keys/keys.ts')).keys,
  },
  {
    name: 'devices',
    summary: 'list the cameras, screens and microphones that can be published',
    load: async () => (await import('./commands/devices/devices.ts')).devices,
  },
  {
    name: 'logs',
    summary: 'print the last lines of the error log, or follow it',
    load: async () => (await import('./commands/logs/logs.ts')).logs,
  },
  {
    name: 'demo',
    summary: 'run everything at once: a publisher, three clients, two viewers, the dashboard and a room',
    load: async () => (await import('./commands/demo/demo.ts')).demo,
  },
  {
    name: 'completion',
    summary: 'print the script that lets bash or zsh complete zcast commands',
    load: async () => (await import('./commands/completion/completion.ts')).completion,
  },
]
