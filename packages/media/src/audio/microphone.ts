import { OptionError } from '@zcast/shared'
import type { CaptureInput } from '../capture/capture-inputs.ts'
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts'
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'

/** Names that are ALSA's, as `hw:0,0`. */
const ALSA_NAME = /^(?:hw|plughw|sysdefault|dsnoop|front|iec958)(?::|$)/

/**
 * How a microphone is opened.
 *
 * @param device - As `zcast devices` names it; `''` is the system's own choice.
 * @throws {@link OptionError} on Windows without a name; {@link SourceError} `ERR_FFMPEG`.
 */
export async function microphoneInput(
  device: string,
  platform: NodeJS.Platform = process.platform,
): Promise<CaptureInput> {
  if (platform === 'darwin') return { input: `none:${device || '0'}`, inputOptions: ['-f', 'avfoundation'] }
  if (platform === 'win32') {
    if (device === '')
      throw new OptionError('name the microphone as "zcast devices" does, such as mic:"USB Microphone"')
    return { input: `audio=${device}`, inputOptions: ['-f', 'dshow', '-audio_buffer_size', '20'] }
  }
  const isPulse = !ALSA_NAME.test(device) && (await hasPulse())
  const format = isPulse ? ['-f', 'pulse', '-fragment_size', '3840'] : ['-f', 'alsa']
  return { input: device || 'default', inputOptions: format }
}

/** The ffmpeg that npm installs knows ALSA alone. */
async function hasPulse(): Promise<boolean> {
  const { path } = await findFfmpeg()
  const { stdout } = await runFfmpeg(path, ['-hide_banner', '-devices'])
  return /^ D.? *pulse /m.test(stdout)
}
