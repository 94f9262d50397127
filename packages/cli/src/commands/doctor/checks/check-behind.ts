import { type Finding, problem } from '../finding.ts'
import type { EndpointExam } from '../stream/examine-endpoint.ts'

/** Checks whether this machine could read all that came; otherwise other figures are those of the reading. */
export function* checkBehind({ endpoint, isBehind }: EndpointExam): Generator<Finding, void> {
  if (isBehind)
    yield problem(
      'behind',
      `${endpoint} sends more than this machine can read`,
      'subscribe to fewer topics (--topic), or send less',
      { endpoint },
    )
}
