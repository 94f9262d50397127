import sharp, { type Sharp } from 'sharp'

// Every picture is different, so libvips' cache of operations would only use memory.
sharp.cache(false)
// A picture of a stream is small: spreading it over threads costs more CPU time in all, and streams run in parallel
// anyway.
sharp.concurrency(1)
// libvips reads dozens of formats, some of which are programs (SVG, PDF) or cannot be stopped (AVIF: 7 s for 64 million
// pixels, whatever the time limit). Only the documented formats remain; this applies to the whole process.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
})

/** The longest time for one picture; a picture of 64 million pixels takes a few seconds at most. */
export const TIME_LIMIT_SECONDS = 10

export { sharp, type Sharp }
