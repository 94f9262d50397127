/** A way to begin to read a file at one of its pictures. */
export interface WayIn {
  /** Where reading begins: seconds from the file's begin. */
  readonly begin: number
  /** What stands before `-i`. */
  readonly inputOptions: readonly string[]
  /** Filters that leave out what comes before the picture, to stand behind that which converts the rate. */
  readonly filters: readonly string[]
}

/** What {@link waysIn} looks for. */
export interface Destination {
  /** ffmpeg's names of the container. */
  readonly container: string
  /** When the picture is shown: seconds from the file's begin. */
  readonly position: number
  /** Seconds from one picture to the next, where they are converted to a rate. */
  readonly slot?: number | undefined
}

/** Times count from the file's begin, wherever reading begins: else ffmpeg rounds them to the ticks of the container. */
const ABSOLUTE_TIMES = ['-copyts', '-start_at_zero']
/** Containers that have an index of every key frame. */
const INDEXED = /^(?:mov|matroska|avi)\b/
/**
 * Containers with times but no such index: ffmpeg seeks by guessing, and may come out behind a key frame, so that it
 * starts at the next one. What has no times at all (raw H.264), or builds on the picture before (GIF), cannot be entered.
 */
const TIMED = /^(?:mpegts|mpeg|flv|asf|ogg|mxf|nut|ivf|rm|wtv)\b/
/** Longer than nearly all distances between key frames. */
const LEAD_SECONDS = 10
/** Times are known to 0.1 ms. */
const EARLY_SECONDS = 0.0005

/**
 * The ways into a file at one of its pictures, fastest first: by its index, from some seconds before, and through all of
 * it from its begin. A way may miss: whoever takes it looks at the time of the first picture that comes.
 */
export function waysIn({ container, position, slot }: Destination): WayIn[] {
  const early = slot === undefined ? EARLY_SECONDS : slot / 2
  const leads = INDEXED.test(container) && slot === undefined ? [EARLY_SECONDS, LEAD_SECONDS] : [LEAD_SECONDS]
  const begins = canSeek(container) ? leads.map((lead) => position - lead) : []
  // From the first one on, whatever the times of the others.
  const filters =
    position > early ? [`select='gt(st(0,ld(0)+gte(t,${(position - early).toFixed(6)})),0)'`] : []
  return [...begins.filter((begin) => begin > 0), 0].map((begin) => ({
    begin,
    inputOptions: readFrom(begin),
    filters,
  }))
}

/** Options before `-i` to begin there. @param begin - Seconds from the file's begin; 0 is all of it. */
export function readFrom(begin: number): string[] {
  return [...ABSOLUTE_TIMES, ...(begin > 0 ? ['-ss', begin.toFixed(6)] : [])]
}

/** Whether a file can be entered in the middle. @param container - ffmpeg's names of the container. */
export function canSeek(container: string): boolean {
  return INDEXED.test(container) || TIMED.test(container)
}
