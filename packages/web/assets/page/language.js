// Chromium in the POSIX locale says "en-US@posix", which is no language tag: uPlot would not even load.
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' })
}
