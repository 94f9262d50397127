import { refusalReason } from './allowed-inputs.ts'

// Lines that say what ffmpeg was doing, or that follow from a reason named before.
const NOISE = new RegExp(
  [
    '^(Conversion failed|Stream mapping|Press \\[q\\]|frame=|video:)',
    'Last message repeated|misdetection possible|Error (while processing|reinitializing|while filtering|sending frames)',
    'Server returned [45]|Impossible to open|Error marking filters|Cannot determine format of input stream',
    'Failed to inject frame|Task finished with|Terminating thread|Nothing was written|Could not open encoder before',
    'Error (opening|writing) (output|trailer)|Error closing file|Codec \\([^)]*\\) not on whitelist',
  ].join('|'),
)
const MAX_LENGTH = 160

/** True when ffmpeg found less in an mp4 file than its index lists, which it does not treat as a failure. */
export function isCutShort(lines: readonly string[]): boolean {
  return lines.some((line) => line.endsWith(': partial file'))
}

/**
 * The last of ffmpeg's lines that gives a reason, as a clause for an error sentence: without the name of the component
 * that wrote it, without the input's name, and cut to 160 characters.
 *
 * @param lines - Lines of stderr, oldest first.
 * @param input - The input as it was given to ffmpeg.
 */
export function failureReason(lines: readonly string[], input: string): string | undefined {
  const refusal = refusalReason(lines)
  if (refusal !== undefined) return refusal
  const line = lines.findLast((line) => line.trim() !== '' && !NOISE.test(line) && !/^ {2}/.test(line))
  if (line === undefined) return undefined
  const reason = line
    .replace(/^(?:\[[^\]]* @ 0x[0-9a-f]+\] ?)+/, '')
    .replace(/^Error opening input(?: files?)?:? ?/, '')
    // The name of an ffmpeg function.
    .replace(/^\w+\(\): /, '')
    .replaceAll(`${input}: `, '')
    .replaceAll(input, 'the file')
    // Control characters may come from the file itself, and would reach the user's terminal.
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .replace(/[.:]+$/, '')
  return reason.length > MAX_LENGTH ? `${reason.slice(0, MAX_LENGTH - 3)}...` : reason || undefined
}
