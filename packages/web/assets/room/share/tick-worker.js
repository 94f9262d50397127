// Browsers slow down the timers of hidden pages to one a second, but not those of workers; and a page that shares a
// screen is mostly hidden behind what it shares.
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking

addEventListener('message', ({ data }) => {
  clearInterval(ticking)
  ticking = setInterval(() => postMessage(0), Number(data))
})
