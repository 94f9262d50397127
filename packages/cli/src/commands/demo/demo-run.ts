import { StreamError } from '@zcast/shared'
import type { CommandContext } from '../../command-context.ts'
import { findTakenPorts } from './free-ports.ts'
import { createPalette } from '../../process/colour.ts'
import { SupervisedProcess } from '../../process/supervised-process.ts'
import type { DemoProcess } from './demo-processes.ts'
import { demoRows, formatTable } from './demo-table.ts'

/** Runs all processes of the demo until the end, or until one dies. */
export async function runDemo(context: CommandContext, plans: readonly DemoProcess[]): Promise<void> {
  await refuseTakenPorts(plans)
  const say = (text: string): void => void (context.json || context.output.write(`${text}\n`))
  for (const { name, page } of plans) {
    if (page !== undefined && !context.quiet) say(`${name.padEnd(9)}  http://127.0.0.1:${page}`)
  }
  const paint = createPalette(context.output)
  const processes = plans.map(({ name, argv, environment }, index) => {
    const prefix = paint(name.padEnd(9), index)
    const listeners = {
      onOutput: (line: string) => say(`${prefix} ${line}`),
      // Messages of a process already begin with its role.
      onError: (line: string) => void process.stderr.write(`${prefix} ${line.replace(`${name}: `, '')}\n`),
    }
    return new SupervisedProcess(name, argv, listeners, environment)
  })
  const died = await runUntilEnd(context, processes)
  const rows = demoRows(processes)
  if (context.json) context.output.write(`${JSON.stringify(rows)}\n`)
  else context.output.write(`\n${formatTable(rows)}`)
  if (died)
    throw new StreamError('ERR_PROCESS', `${died.name} ${died.howItEnded}, so the others were stopped`)
}

async function refuseTakenPorts(plans: readonly DemoProcess[]): Promise<void> {
  const wanted = plans.flatMap(({ name, ports }) => ports.map((port) => ({ name, port })))
  const taken = await findTakenPorts(wanted.map(({ port }) => port))
  if (taken.length === 0) return
  const list = wanted.filter(({ port }) => taken.includes(port)).map(({ name, port }) => `${port} (${name})`)
  throw new StreamError(
    'ERR_ADDRESS_IN_USE',
    `cannot start the demo: ${list.length === 1 ? 'port' : 'ports'} ${list.join(', ')} on 127.0.0.1 ${list.length === 1 ? 'is' : 'are'} in use; stop the programs that use them, or choose others with --numbers-port, --video-port, --room-port and --port`,
  )
}

/** @returns The process that died before it was asked to end, if one did. */
async function runUntilEnd(
  context: CommandContext,
  processes: readonly SupervisedProcess[],
): Promise<SupervisedProcess | undefined> {
  const asked = new Promise<undefined>((resolve) => {
    if (context.signal.aborted) resolve(undefined)
    context.signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  void Promise.all(processes.map(({ ready }) => ready)).then(() => context.ready())
  const died = await Promise.race([
    asked,
    ...processes.map(async (process) => process.ended.then(() => process)),
  ])
  // Receivers end first; otherwise they would report at the last moment that they wait for the publisher.
  const [publisher, ...others] = processes
  await Promise.all(others.map((process) => process.stop()))
  await publisher?.stop()
  return died
}
