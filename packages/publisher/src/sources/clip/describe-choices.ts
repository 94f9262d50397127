import type { VideoInfo } from '@zcast/media'
import { renditionHeight } from '../rendition-name.ts'

/** The input of {@link describeChoices}. */
export interface ClipChoices {
  /** The clip as the user wrote it. */
  readonly name: string
  readonly video: VideoInfo
  /** True when its pictures are passed on unchanged. */
  readonly copied: boolean
  /** The options that were given. */
  readonly options: {
    readonly quality?: number | undefined
    readonly width?: number | undefined
    readonly fps?: number | undefined
    readonly renditions?: readonly string[] | undefined
  }
  /** The height of the pictures sent, in pixels. */
  readonly height: number
}

/** Surprising effects of a clip and its options, each as one sentence without a full stop. */
export function describeChoices({ name, video, copied, options, height }: ClipChoices): string[] {
  const notes: string[] = []
  if (video.codec === 'mjpeg' && !copied) {
    const given = (['quality', 'width', 'fps'] as const).filter((option) => options[option] !== undefined)
    const reason = given.length > 0 ? `because of ${given.join(' and ')}` : 'to be shown correctly'
    notes.push(`"${name}" is already JPEG, but is re-encoded ${reason}`)
  }
  for (const rendition of options.renditions ?? []) {
    if (renditionHeight(rendition) <= height) continue
    notes.push(
      `the rendition ${rendition} is ${height} pixels high, like "${name}" itself: pictures are never enlarged`,
    )
  }
  return notes
}
