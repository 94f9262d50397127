import { escapeControls } from '@zcast/shared/internal'
import type { Finding } from './finding.ts'

/** The width of the longest level. */
const LEVEL_WIDTH = 8

/** A finding as a line for people. It may hold names from strangers. */
export function formatFinding({ level, sentence, advice }: Finding): string {
  return escapeControls(`${level.padEnd(LEVEL_WIDTH)} ${sentence}${advice === null ? '' : `; ${advice}`}`)
}
