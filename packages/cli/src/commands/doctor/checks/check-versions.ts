import { zcastVersion } from '@zcast/shared/internal'
import { type Finding, fine, warning } from '../finding.ts'
import type { EndpointExam } from '../stream/examine-endpoint.ts'

/** Checks whether publishers are of the version of zcast that runs here. */
export function* checkVersions(
  exams: readonly EndpointExam[],
  here = zcastVersion(),
): Generator<Finding, void> {
  const node = process.versions.node
  let same = 0
  for (const { endpoint, versions } of exams) {
    const others = versions.filter((version) => version !== here)
    if (others.length > 0)
      yield warning(
        'versions-differ',
        `the publisher at ${endpoint} is zcast ${others.join(' and ')}, here it is ${here}`,
        'install the same version at both ends',
        { endpoint, versions, here },
      )
    else if (versions.length > 0) same += 1
  }
  yield fine(
    'versions',
    `zcast ${here} runs here, on Node ${node}${same > 0 ? `; ${same === 1 ? 'the publisher is' : `${same} publishers are`} of the same version` : ''}`,
    { here, node },
  )
}
