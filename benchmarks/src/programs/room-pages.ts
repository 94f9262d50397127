import { chromium } from 'playwright-core'

// Guests of a room in a real browser, each with a page of its own. Says when all are in; at the end, as JSON, how old
// lines of the chat were when they were in the page, and which picture each page had at each half second.
const [address = '', path = '', count = '1', seconds = '10'] = process.argv.slice(2)
const EVERY_MS = 500

/** Runs in each page, before anything of its own. */
const WATCH = `
  const seen = (window.seen = { agesMs: [], moments: {} })
  let newest = 0
  const Plain = window.WebSocket
  window.WebSocket = class extends Plain {
    constructor(url, ...more) {
      super(url, ...more)
      if (!String(url).includes('/pictures')) return
      this.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) newest = new DataView(data).getFloat64(16, true)
      })
    }
  }
  new MutationObserver((changes) => {
    const now = performance.timeOrigin + performance.now()
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      for (const [, stamp] of (node.textContent ?? '').matchAll(/#(\\d+)#/g)) seen.agesMs.push(now - stamp / 1000)
    }
  }).observe(document, { childList: true, subtree: true })
  setInterval(() => {
    const at = Math.round(Date.now() / ${EVERY_MS}) * ${EVERY_MS} + ${EVERY_MS}
    setTimeout(() => (seen.moments[at] = newest), at - Date.now())
  }, ${EVERY_MS})
`

interface Seen {
  readonly agesMs: readonly number[]
  readonly moments: Readonly<Record<number, number>>
}

const browser = await chromium.launch({
  executablePath: path,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--autoplay-policy=no-user-gesture-required',
  ],
})
try {
  const pages = []
  for (let index = 0; index < Number(count); index++) {
    const page = await (await browser.newContext()).newPage()
    await page.addInitScript({ content: WATCH })
    await page.goto(address, { waitUntil: 'domcontentloaded' })
    await page.getByRole('textbox', { name: 'Name' }).fill(`page ${index}`)
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    // Lines from before are no news.
    await page.evaluate('window.seen.agesMs.length = 0')
    pages.push(page)
  }
  console.log('ready')
  await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000))
  const seen = await Promise.all(pages.map((page) => page.evaluate<Seen>('window.seen')))
  console.log(
    JSON.stringify({
      agesMs: seen.flatMap(({ agesMs }) => agesMs),
      moments: seen.map(({ moments }) => moments),
    }),
  )
} finally {
  await browser.close()
}
