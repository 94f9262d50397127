/** @typedef {Pick<typeof import('tus-js-client'), 'Upload'>} TusClient */

/** @type {Promise<TusClient> | undefined} */
let loading

/** The library that uploads, https://github.com/tus/tus-js-client, loaded with the first upload. @returns {Promise<TusClient>} */
export function loadTusClient() {
  loading ??= load().catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load() {
  // A script for every kind of loader: as a module it names itself in the window.
  await import(new URL('../../tus.min.js', import.meta.url).href)
  return /** @type {{ tus: TusClient }} */ (/** @type {unknown} */ (window)).tus
}
