import { escapeControls } from '@zcast/shared/internal'

/** More of a line than a person needs to find it. */
const EXCERPT_LENGTH = 60

/** The beginning of a text in quotes, safe for a terminal. */
export function excerpt(text: string): string {
  const cut = text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text
  return `"${escapeControls(cut)}"`
}
