import { describeRefusal, type Refusal } from '@zcast/shared'
import { listKeys } from '@zcast/shared/internal'
import type { CommandContext } from '../command-context.ts'

/**
 * Reports that a connection was refused.
 *
 * @param directories - The folders in which names of keys are looked up, so that a person can tell whose key it was.
 */
export function noticeRefusals(
  context: CommandContext,
  directories: readonly string[] = [],
): (refusal: Refusal) => void {
  const notice = async (refusal: Refusal): Promise<void> => {
    const name = refusal.side === 'publisher' ? await findName(refusal.publicKey, directories) : undefined
    const text = describeRefusal(refusal, name)
    context.log.warning(text, undefined, `refused ${refusal.reason} ${refusal.endpoint}`)
  }
  return (refusal) => void notice(refusal)
}

async function findName(
  publicKey: string | undefined,
  directories: readonly string[],
): Promise<string | undefined> {
  if (publicKey === undefined) return undefined
  for (const directory of directories) {
    // A missing directory has no names.
    const { keys } = await listKeys(directory).catch(() => ({ keys: [] }))
    const found = keys.find((key) => key.publicKey === publicKey)
    if (found) return found.name
  }
  return undefined
}
