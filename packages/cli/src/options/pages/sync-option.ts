import type { OptionSpec } from '../option-spec.ts'

/** How a page that plays sound keeps pictures in step with it. */
export const SYNC_OPTION: OptionSpec = {
  type: 'string',
  value: 'DELAY',
  describe:
    'while the page plays sound, show each picture and play each sound this long after its time, at most 2s; longer where the network takes longer [default: 150ms]',
}
