/** True when the locale names a character set other than UTF-8; none named says nothing, as in most containers. */
export function otherCharset(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || ''
  return locale.includes('.') && !/\.utf-?8/i.test(locale)
}
