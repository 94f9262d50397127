import { parseCommandLine } from './command-line/command-line.ts'
import { UsageError } from './options/reading/settings.ts'

// Only the parser is imported here: `zcast --help` must not load ZeroMQ, and a client must not load sharp.
try {
  const parsed = await parseCommandLine(process.argv.slice(2), process.env)
  if (typeof parsed === 'string') {
    // A reader that has gone, as after `| head -1`, has what it wanted.
    process.stdout.on('error', () => undefined)
    process.stdout.write(parsed)
  } else {
    const { runCommand } = await import('./run-command.ts')
    await runCommand(parsed)
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  const { escapeControls } = await import('@zcast/shared/internal')
  process.stderr.write(`zcast: ${escapeControls(error.message)}\n`)
  process.exitCode = 2
}
