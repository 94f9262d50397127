/** The results for the values of one stream since the publisher opened. */
export interface StreamCounts {
  /** Values sent. */
  sent: number
  /** Values that were not sent, because newer ones came first or because they do not fit a message. */
  dropped: number
}
