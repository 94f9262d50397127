import { addressOf } from '../../page/address.js'

/**
 * The library that uploads by tus, https://github.com/tus/tus-js-client, of which the room serves its file for browsers;
 * loaded when somebody uploads something.
 *
 * @typedef {object} TusUpload
 * @property {() => void} start
 * @property {(forget?: boolean) => Promise<void>} abort
 * @property {string | null} url
 *
 * @typedef {object} TusOptions
 * @property {string} endpoint
 * @property {Record<string, string>} headers
 * @property {Record<string, string>} metadata
 * @property {number[]} retryDelays
 * @property {boolean} storeFingerprintForResuming
 * @property {boolean} removeFingerprintOnSuccess
 * @property {(error: any) => boolean} onShouldRetry
 * @property {(sent: number, total: number) => void} onProgress
 * @property {() => void} onSuccess
 * @property {(error: any) => void} onError
 *
 * @typedef {{ Upload: new (file: File, options: TusOptions) => TusUpload }} TusLibrary
 */

/** @type {Promise<TusLibrary> | undefined} */
let loading

/** @returns {Promise<TusLibrary>} */
export function loadTus() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = addressOf('tus.min.js').href
    script.addEventListener('load', () => {
      resolve(/** @type {TusLibrary} */ (Reflect.get(window, 'tus')))
    })
    script.addEventListener('error', () => {
      loading = undefined
      reject(new Error('the room takes no uploads'))
    })
    document.head.append(script)
  })
  return loading
}
