/** Exports for zcast's own packages, which nobody else needs. They may change with any version. */
export { DirectoryWatch } from './files/directory-watch.ts'
export { createNewFile } from './files/new-file.ts'
export { isUnsafe, openOwnFile, WITHOUT_FOLLOWING } from './files/own-file.ts'
export { endsAt, followScans, hasOneScan } from './jpeg-scans.ts'
export { CreditWindow } from './lane/credit-window.ts'
export { heightOfRendition, MAX_RENDITIONS } from './rendition-name.ts'
export { withSystemCode } from './system-error.ts'
