import { KINDS } from '@zcast/shared'
import type { ListReport } from '@zcast/subscribers/topics'
import type { WatchPlan } from './watch-plan.ts'

/** Commands that one may want next, to be copied into a shell. */
export function nextCommands(
  { topic, kind, format, endpoint, names }: ListReport,
  plan: Pick<WatchPlan, 'bind' | 'format'>,
): readonly string[] {
  const isDefault = Object.values(KINDS).some((known) => known.endpoint === endpoint)
  const isFile = !endpoint.includes('://')
  const [bind] = plan.bind
  const at = isFile ? ` ${quote(endpoint)}` : ` --connect ${endpoint}`
  const from = bind === undefined ? (isDefault ? '' : at) : ` --bind ${quote(bind)}`
  const connect = `${from}${plan.format ? ` --format ${plan.format.name}` : ''}`
  const echo = `zcast topic echo${topic === '' ? '' : ` ${quote(topic)}`}${connect}`
  if ((format !== 'zcast' && !plan.format) || kind === null || kind === 'chat') return [echo]
  if (kind === 'numbers') {
    const [name] = names ?? []
    return [
      `zcast client 3 --topic ${topic}${connect}`,
      ...(name === undefined ? [] : [`${echo} --field ${quote(name)}`]),
    ]
  }
  if (isFile) return [`zcast play${connect} --topic ${topic}`]
  if (kind === 'video') return [`zcast viewer 1 --topic ${topic}${connect}`]
  return [`zcast listener 1 --topic ${topic}${connect}`]
}

function quote(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
