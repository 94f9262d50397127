/**
 * Ticks, and turns pictures into JPEG. Both in a worker, because browsers slow down the timers of hidden pages to one a
 * second, and Chromium their encoding of pictures too (to 1.6 a second, measured); and a page that shares a screen is
 * mostly hidden behind what it shares.
 *
 * @typedef {import('./picture-maker.js').TickRequest} TickRequest
 *
 * @typedef {import('./picture-maker.js').PictureRequest} PictureRequest
 */

/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking
/** @type {OffscreenCanvas | undefined} */
let canvas

addEventListener('message', ({ data }) => {
  const request = /** @type {TickRequest | PictureRequest} */ (data)
  if ('bitmap' in request) void encode(request)
  else {
    clearInterval(ticking)
    ticking = setInterval(() => postMessage({ type: 'tick' }), request.tickMs)
  }
})

/** @param {PictureRequest} request */
async function encode({ bitmap, width, height, jpeg }) {
  /** @type {ArrayBuffer | undefined} */
  let bytes
  try {
    if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height)
    // Nothing behind it shows through.
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0, width, height)
    bitmap.close()
    bytes = await (await canvas.convertToBlob({ type: 'image/jpeg', quality: jpeg })).arrayBuffer()
  } catch {
    // A picture that could not be made: the next one may.
  }
  postMessage({ type: 'picture', bytes }, { transfer: bytes ? [bytes] : [] })
}
