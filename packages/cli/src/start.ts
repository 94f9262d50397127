import { exitOnSignals } from './process/start-up.ts'
import { outliveTerminal } from './process/vanished-terminal.ts'

exitOnSignals()
outliveTerminal()
// A closed reader of stderr must not end the process: everything important is in the log.
process.stderr.on('error', () => undefined)
await import('./main.ts')
