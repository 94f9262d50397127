import { exitOnSignals } from './process/start-up.ts'
import { outliveTerminal } from './process/vanished-terminal.ts'

exitOnSignals()
outliveTerminal()
// A reader of stderr that has gone must not end the process: what matters is in the log.
process.stderr.on('error', () => undefined)
await import('./main.ts')
