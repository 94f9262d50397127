import sharp, { type Sharp } from 'sharp'

// Every picture is another one, so libvips' cache of operations would only hold memory.
sharp.cache(false)
// A picture of a stream is small: spread over threads it costs more CPU in all, and streams run side by side anyway.
sharp.concurrency(1)
// libvips reads dozens of formats, some of which are programs (SVG, PDF) or cannot be stopped (AVIF: 7 s for 64 million
// pixels, whatever the time limit). Only what the documentation names is left; this holds for the whole process.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
})

/** The longest that a picture may take; one of 64 million pixels takes a few seconds at the most. */
export const TIME_LIMIT_SECONDS = 10

export { sharp, type Sharp }
