/** A way to start reading a file at one of its pictures. */
export interface WayIn {
  /** The position at which reading starts: seconds from the start of the file. */
  readonly begin: number
  /** Options before `-i`. */
  readonly inputOptions: readonly string[]
  /** Filters that leave out what comes before the picture, to be put after the filter that converts the rate. */
  readonly filters: readonly string[]
}

/** The picture that {@link waysIn} looks for. */
export interface Destination {
  /** The container, by ffmpeg's names. */
  readonly container: string
  /** The time of the picture: seconds from the start of the file. */
  readonly position: number
  /** Seconds from one picture to the next, when they are converted to a rate. */
  readonly slot?: number | undefined
}

/**
 * Count times from the start of the file, wherever reading starts: otherwise ffmpeg rounds them to the ticks of the
 * container.
 */
const ABSOLUTE_TIMES = ['-copyts', '-start_at_zero']
/** Containers with an index of every key frame. */
const INDEXED = /^(?:mov|matroska|avi)\b/
/**
 * Containers with times but without such an index: ffmpeg seeks by guessing, and may land after a key frame, so that it
 * starts at the next one. Reading cannot start in the middle of formats without times (raw H.264) or whose pictures
 * build on the previous one (GIF).
 */
const TIMED = /^(?:mpegts|mpeg|flv|asf|ogg|mxf|nut|ivf|rm|wtv)\b/
/** Longer than nearly all intervals between key frames. */
const LEAD_SECONDS = 10
/** Times have a precision of 0.1 ms. */
const EARLY_SECONDS = 0.0005

/**
 * The ways to start reading a file at one of its pictures, fastest first: by its index, from some seconds before, and
 * through all of it from its start. A way may miss: the caller must check the time of the first picture that comes.
 */
export function waysIn({ container, position, slot }: Destination): WayIn[] {
  const early = slot === undefined ? EARLY_SECONDS : slot / 2
  const leads = INDEXED.test(container) && slot === undefined ? [EARLY_SECONDS, LEAD_SECONDS] : [LEAD_SECONDS]
  const begins = canSeek(container) ? leads.map((lead) => position - lead) : []
  // Everything from the first match on, whatever the times of later pictures.
  const filters =
    position > early ? [`select='gt(st(0,ld(0)+gte(t,${(position - early).toFixed(6)})),0)'`] : []
  return [...begins.filter((begin) => begin > 0), 0].map((begin) => ({
    begin,
    inputOptions: readFrom(begin),
    filters,
  }))
}

/** Options before `-i` that start reading there. @param begin - Seconds from the start of the file; 0 is all of it. */
export function readFrom(begin: number): string[] {
  return [...ABSOLUTE_TIMES, ...(begin > 0 ? ['-ss', begin.toFixed(6)] : [])]
}

/** True when reading a file can start in the middle. @param container - The container, by ffmpeg's names. */
export function canSeek(container: string): boolean {
  return INDEXED.test(container) || TIMED.test(container)
}
