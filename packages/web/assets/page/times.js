const CLOCK = new Intl.DateTimeFormat([], {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
  hourCycle: 'h23',
})

/** `14:03:22.1`, where the person is. @param {number} time Seconds since the Unix epoch. */
export function formatTime(time) {
  return Number.isFinite(time) && Math.abs(time) < 8.64e12 ? CLOCK.format(time * 1000) : '–'
}

/** `12 s`, `5 min` or `3 h`. @param {number} seconds */
export function formatSpan(seconds) {
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
