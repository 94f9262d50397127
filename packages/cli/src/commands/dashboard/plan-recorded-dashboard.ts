import { once } from 'node:events'
import { basename } from 'node:path'
import { OptionError } from '@zcast/shared'
import { RecordedPast } from '../../history/recorded-past.ts'
import { announcePage } from '../../page/announce-page.ts'
import { planPageAccess } from '../../options/pages/page-access.ts'
import { PAGE_PORT } from '../../options/pages/page-ports.ts'
import type { Arguments } from '../../options/reading/arguments.ts'
import type { Plan } from '../../command.ts'

/** Those of what comes now. */
const LIVE_LISTS = ['numbers', 'video', 'audio', 'topic', 'format']
const LIVE_TEXTS = ['curve', 'server-key', 'sync', 'linger', 'history', 'history-size', 'since']
const LIVE_FLAGS = ['history-while-open']

/** Plans `zcast dashboard FILE`. @throws {@link OptionError} when an option is wrong. */
export async function planRecordedDashboard(args: Arguments, file: string): Promise<Plan> {
  const other =
    LIVE_LISTS.find((name) => args.list(name).length > 0) ??
    LIVE_TEXTS.find((name) => args.text(name) !== undefined) ??
    LIVE_FLAGS.find((name) => args.flag(name) === true)
  if (other !== undefined)
    throw new OptionError(`${other} applies to what comes now: leave it out, or leave out ${file}`)
  const { warning, ...access } = await planPageAccess(args)
  const port = args.port('port') ?? PAGE_PORT
  return {
    role: 'dashboard',
    run: async (context) => {
      if (warning !== undefined) context.log.warning(warning)
      const { Dashboard } = await import('@zcast/web')
      await using past = new RecordedPast(file)
      const history = await past.open(context.log)
      if (history.from === undefined) context.log.warning(`there is nothing in ${file}`)
      else if (!history.isWhole)
        context.status(`${file} was cut short: what is whole is shown, and zcast recover repairs it`)
      await using page = new Dashboard({
        title: basename(file),
        port,
        past,
        ...access,
      })
      await page.listen(context)
      announcePage(context, page, access.tls)
      context.ready(page.address)
      if (!context.signal.aborted) await once(context.signal, 'abort')
    },
  }
}
