import { spawnSync } from 'node:child_process'
import { describe } from '@jest/globals'

const asked = spawnSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=10000'], { stdio: 'ignore' })

/** `describe` where npm reaches its registry; elsewhere its tests are skipped, and the reason is printed. */
export const describeWithRegistry: typeof describe.skip = asked.status === 0 ? describe : describe.skip

if (asked.status !== 0) console.log('tests that install packages are skipped: npm reaches no registry')
