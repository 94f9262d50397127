import type { VideoInfo } from '@zcast/media'
import { renditionHeight } from '../rendition-name.ts'

/** What {@link describeChoices} looks at. */
export interface ClipChoices {
  /** As a person wrote it. */
  readonly name: string
  readonly video: VideoInfo
  /** Whether its pictures are passed on as they are. */
  readonly copied: boolean
  /** The options that were given. */
  readonly options: {
    readonly quality?: number | undefined
    readonly width?: number | undefined
    readonly fps?: number | undefined
    readonly renditions?: readonly string[] | undefined
  }
  /** Pixels of what is sent. */
  readonly height: number
}

/** What a person may not expect of a clip and its options, each as one sentence without a full stop. */
export function describeChoices({ name, video, copied, options, height }: ClipChoices): string[] {
  const notes: string[] = []
  if (video.codec === 'mjpeg' && !copied) {
    const given = (['quality', 'width', 'fps'] as const).filter((option) => options[option] !== undefined)
    const reason = given.length > 0 ? `because of ${given.join(' and ')}` : 'to be shown rightly'
    notes.push(`"${name}" is JPEG already, and is encoded anew ${reason}`)
  }
  for (const rendition of options.renditions ?? []) {
    if (renditionHeight(rendition) <= height) continue
    notes.push(
      `the rendition ${rendition} is ${height} pixels high, as "${name}" is: pictures are never made larger`,
    )
  }
  return notes
}
