import { recover } from '@zcast/recording'
import { OptionError } from '@zcast/shared'
import type { Plan } from '../../command.ts'
import type { Arguments } from '../../options/reading/arguments.ts'

/** Reads and checks the options of `zcast recover`. @throws {@link OptionError} when one is wrong. */
export function planRecover(args: Arguments): Plan {
  const path = args.text('file')
  if (path === undefined) throw new OptionError('name a recording, such as "zcast recover flight.mcap"')
  return {
    role: undefined,
    run: async (context) => {
      const { output, json, quiet, log } = context
      let damagedChunks = 0
      const onLeftOut = (count: number): void => void (damagedChunks = count)
      const recovered = await recover(path, { onLeftOut, log })
      const chunks = damagedChunks === 1 ? '1 damaged chunk is' : `${damagedChunks} damaged chunks are`
      const leftOut = damagedChunks === 0 ? '' : `: ${chunks} left out of it`
      if (json)
        output.write(`${JSON.stringify({ type: 'recovered', path: recovered ?? null, damagedChunks })}\n`)
      else if (recovered === undefined) context.status(`${path} is whole: there is nothing to repair`)
      else if (!quiet) output.write(`wrote ${recovered}${leftOut}\n`)
    },
  }
}
