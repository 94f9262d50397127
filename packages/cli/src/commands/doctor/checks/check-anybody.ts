import type { DoctorPlan } from '../doctor-plan.ts'
import { type Finding, problem } from '../finding.ts'
import { findListeners } from '../machine/find-listener.ts'
import { formatProcess } from '../machine/processes.ts'
import type { EndpointExam } from '../stream/examine-endpoint.ts'

const MAX_NAMED = 3

/** That one of zcast's own endpoints is not used is no fault; that none is, is one. */
export async function checkAnybody(
  exams: readonly EndpointExam[],
  { isDefault, connect }: Pick<DoctorPlan, 'isDefault' | 'connect'>,
): Promise<readonly Finding[]> {
  const isUsed = exams.some(({ findings }) => findings.some(({ code }) => code !== 'nobody'))
  if (!isDefault || isUsed) return []
  const elsewhere = (await findListeners(() => true)).filter(({ owner }) =>
    owner?.name.startsWith('zcast publish'),
  )
  const named = elsewhere
    .slice(0, MAX_NAMED)
    .map(({ port, owner }) => `${formatProcess(owner)} listens at tcp://127.0.0.1:${port}`)
  return [
    problem(
      'nobody-at-all',
      `nobody publishes where zcast does by default: nobody listens at ${connect.join(', ')}`,
      named.length > 0
        ? `name the endpoint with --connect: ${named.join(', ')}`
        : 'start "zcast publish", or name the endpoint of a publisher with --connect',
      { endpoints: connect },
    ),
  ]
}
