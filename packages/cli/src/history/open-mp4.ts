import type { History, Sink } from '@zcast/subscribers'

/** Where the pictures of a topic go, and what is read for it. */
export interface OpenMp4 {
  readonly sink: Sink
  /** Its topic first, then its sound, where there is some. */
  readonly topics: readonly string[]
}

/** The sound that belongs to pictures: that of the stream's name, whatever the rendition. */
export function soundOf(topic: string): string {
  return topic.replace(/^video(?:@[^/]*)?\//, 'audio/')
}

/** Prepares an MP4 of what was recorded, with its sound. Modules of pictures and sound are loaded only then. */
export async function openMp4(
  history: History,
  {
    topic,
    path,
    onNotice,
  }: { readonly topic: string; readonly path: string; readonly onNotice?: (sentence: string) => void },
): Promise<OpenMp4> {
  const { RecordingSink } = await import('@zcast/subscribers/pictures')
  const sound = soundOf(topic)
  const hasSound = history.topics().some((own) => own.topic === sound)
  const sink = new RecordingSink({
    path,
    // Gaps of the sound are filled with silence, and pictures have their own times.
    isReplay: true,
    ...(onNotice && { onNotice }),
    ...(hasSound && { hasSound: async () => true }),
  })
  if (!hasSound) return { sink, topics: [topic] }
  const { DecodedSink } = await import('@zcast/subscribers/audio')
  return { sink: new DecodedSink(sink), topics: [topic, sound] }
}
