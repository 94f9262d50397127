import { expect } from '@jest/globals'
import { systemErrorCode } from '@zcast/shared/internal'
import { parseCommandLine } from '../../src/command-line/command-line.ts'
import { withOrigin } from '../../src/command-line/option-origin.ts'
import { Arguments } from '../../src/options/reading/arguments.ts'
import { UsageError } from '../../src/options/reading/settings.ts'

/** The codes with which a command's plan refuses its options: exit status 2. */
const REFUSALS = /^ERR_(OPTION|CONFIG|KEY|TOPIC|ENDPOINT)$/

/**
 * What a command line is refused with before anything is opened, in this very process; `undefined` where it is taken.
 * Fails where the error is none of wrong usage.
 */
export async function refusal(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string | undefined> {
  try {
    const parsed = await parseCommandLine(argv, environment)
    if (typeof parsed === 'string') return undefined
    try {
      await parsed.command.plan(new Arguments(parsed.values))
      return undefined
    } catch (error) {
      expect(systemErrorCode(error)).toMatch(REFUSALS)
      return withOrigin((error as Error).message, parsed.values, parsed.origins)
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message
  }
}
