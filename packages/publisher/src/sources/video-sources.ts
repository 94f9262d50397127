import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { type Log, OptionError } from '@zcast/shared'
import { openStandardInput } from '@zcast/shared/internal'
import { CameraInput } from './live/camera-input.ts'
import { FolderInput } from './live/folder-input.ts'
import { FramedListener } from './live/framed-listener.ts'
import { HttpInput } from './live/http-input.ts'
import type { TrustedCertificates } from './live/http/trusted-certificates.ts'
import type { LiveInput } from './live/live-input.ts'
import { LiveSource, type LiveOptions } from './live/live-source.ts'
import {
  hasWildcard,
  isStill,
  pictureOfFile,
  picturesOfFolder,
  picturesOfPattern,
  type PictureFiles,
} from './live/picture-files.ts'
import { RtspInput } from './live/rtsp-input.ts'
import { ScreenInput } from './live/screen-input.ts'
import type { SourceListener } from './live/source-listener.ts'
import { parseSourceUrl } from './live/source-url.ts'
import { StdinInput } from './live/stdin-input.ts'
import type { Source } from './source.ts'

/** Options of live sources; each is used by the sources it applies to. */
export interface LiveVideoOptions extends Omit<LiveOptions, 'eager' | 'log'> {
  /**
   * Frames per second, 0.1 to 240: requested from a device, converted to for a stream, the pace of a folder's pictures,
   * and how often an address that returns one picture is requested (default 1).
   */
  readonly fps?: number | undefined
  /** Starts a folder again after its last picture. Default true. */
  readonly loop?: boolean | undefined
  /** Shows a folder's new pictures as they come. Default false. */
  readonly watch?: boolean | undefined
  /** Certificates that https cameras may use in addition to those that the system trusts. Default: none. */
  readonly trusted?: TrustedCertificates | undefined
}

/** Options for opening a live source. */
export interface LiveOpening extends LiveVideoOptions {
  readonly log?: Log | undefined
  /** The stream that `-` reads. Default: the standard input of this process. */
  readonly stdin?: Readable | undefined
}

/** The meaning of a source's text. */
export type VideoSourceSpec =
  | { readonly kind: 'pattern' }
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'live'
      /** True when it may have sound, which `LiveOpening.sound` takes. */
      readonly mayHaveSound?: boolean
      open(opening: LiveOpening): Promise<Source | SourceListener>
    }

type MakeInput = (opening: LiveOpening) => LiveInput

/**
 * Parses a SOURCE: `pattern`, `camera[:DEVICE]`, `screen[:SCREEN]`, `http(s)://...`, `rtsp://...`,
 * `framed://HOST:PORT`, `-`, a picture, a folder or a pattern of them such as `shots/*.jpg`; anything else is a clip.
 * Opens nothing.
 *
 * @throws {@link OptionError} when it looks like one of these but is invalid.
 */
export function parseVideoSource(text: string): VideoSourceSpec {
  if (text === 'pattern') return { kind: 'pattern' }
  if (text.startsWith('framed://')) return framed(text)
  const makeInput = findInput(text)
  if (makeInput) {
    return {
      kind: 'live',
      mayHaveSound: /^(?:https?|rtsp):/i.test(text),
      open: async (opening) => {
        const source = new LiveSource(makeInput(opening), liveOptions(text, opening))
        await source.check()
        return source
      },
    }
  }
  const files = findPictures(text)
  if (!files) return { kind: 'file', path: text }
  return {
    kind: 'live',
    open: async (opening) => {
      const input = new FolderInput(text, files, opening)
      // Checked before a socket opens, as for a clip.
      await input.check()
      return new LiveSource(input, liveOptions(text, opening))
    },
  }
}

function findInput(text: string): MakeInput | undefined {
  const [, device, name = ''] = /^(camera|screen)(?::(.*))?$/s.exec(text) ?? []
  if (device === 'camera') return ({ fps, width }) => new CameraInput(name, { fps, width })
  if (device === 'screen') return ({ fps, width }) => new ScreenInput(name, { fps, width })
  if (text === '-')
    return ({ stdin = openStandardInput(), fps, width, log }) => new StdinInput(stdin, { fps, width, log })
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const url = parseSourceUrl(text)
    if (url.protocol === 'rtsp:') return ({ fps, width, log }) => new RtspInput(url, { fps, width, log })
    return ({ fps, width, log, trusted }) => new HttpInput(url, { fps, width, log, trusted })
  }
  return undefined
}

function findPictures(text: string): PictureFiles | undefined {
  const found = statSync(text, { throwIfNoEntry: false })
  if (found?.isDirectory()) return picturesOfFolder(text)
  if (found?.isFile() && isStill(text)) return pictureOfFile(text)
  return found || !hasWildcard(text) ? undefined : picturesOfPattern(text)
}

/** A folder that is played once has nothing more to give; trying again would play it again. */
function liveOptions(text: string, opening: LiveOpening): LiveOptions {
  const playedOnce = opening.loop === false && !opening.watch && !/^(camera|screen|-|[a-z]+:)/i.test(text)
  return { ...opening, exitOnEnd: opening.exitOnEnd || playedOnce }
}

function framed(text: string): VideoSourceSpec {
  const match = /^framed:\/\/(\[[0-9a-f:.]+\]|[^:/\s[\]]*):(\d{1,5})\/?$/i.exec(text)
  const port = Number(match?.[2])
  if (!match || port > 65_535)
    throw new OptionError(`"${text}" must be framed://HOST:PORT, such as framed://0.0.0.0:12345`)
  const host = (match[1] ?? '').replace(/^\[|\]$/g, '') || '127.0.0.1'
  return { kind: 'live', open: (opening) => FramedListener.open({ host, port }, opening) }
}
