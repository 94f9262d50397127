/** For zcast's own packages only: a terminal taken over for a while, and given back whatever happens. */
export { TerminalSession, type TerminalSessionOptions } from './sinks/terminal/terminal-session.ts'
export { sizeOf, type TerminalInput, type TerminalOutput } from './sinks/terminal/terminal-streams.ts'
