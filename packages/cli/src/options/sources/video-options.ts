import type { OptionSpec, OptionSpecs } from '../option-spec.ts'

/** Where clips are kept once they are encoded. */
export const CACHE_OPTION: OptionSpec = {
  type: 'string',
  value: 'SIZE',
  describe: "disk space for encoded clips in the user's cache folder: 500M, 2G, or off [default: 1G]",
}

/** Options of video that determine when and how often pictures are encoded, whatever their source. */
export const VIDEO_OPTIONS: OptionSpecs = {
  always: { type: 'boolean', describe: 'encode even while nobody watches' },
  linger: {
    type: 'string',
    value: 'TIME',
    describe: 'how long to keep a source ready while nobody watches [default: 10s]',
  },
  rendition: {
    type: 'list',
    value: 'HEIGHT',
    describe: 'another size to publish, such as 360p, encoded only while watched; may be repeated',
  },
  cache: CACHE_OPTION,
  start: {
    type: 'string',
    value: 'TIME',
    describe: 'where in a file to start, such as 90s or 2m [default: 0]',
  },
}
