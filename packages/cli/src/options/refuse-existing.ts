import { lstatSync } from 'node:fs'
import { OptionError } from '@zcast/shared'

/** Refuses a file to record to that is there already, before anything is opened. @throws {@link OptionError} */
export function refuseExisting(path: string | undefined): void {
  if (path !== undefined && lstatSync(path, { throwIfNoEntry: false }))
    throw new OptionError(`${path} exists already: choose another name, or remove it first`)
}
