/** Lengths, sizes and counts as people read them. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

/** `12 MB`. @param {number} bytes */
export function formatBytes(bytes) {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const value = bytes / 1000 ** power
  const maximumFractionDigits = value < 10 && power > 1 ? 1 : 0
  const unit = UNITS[power]
  return new Intl.NumberFormat([], { style: 'unit', unit, maximumFractionDigits }).format(value)
}

/** `1:02:03`, or `2:03`. @param {number} seconds */
export function formatLength(seconds) {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** `1 minute 5 seconds`, to be read aloud. @param {number} seconds */
export function sayLength(seconds) {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  const parts = [
    count(Math.floor(whole / 3600), 'hour'),
    count(Math.floor(whole / 60) % 60, 'minute'),
    count(whole % 60, 'second'),
  ]
  return parts.filter((part) => !part.startsWith('0 ')).join(' ') || '0 seconds'
}

/** `1 film`, `3 films`. @param {number} amount @param {string} what */
export function count(amount, what) {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`
}

/** `ann`, `ann and ben`, `ann, ben and 3 more`. @param {readonly string[]} names */
export function joinNames(names) {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
