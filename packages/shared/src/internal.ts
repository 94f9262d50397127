/** For the packages of zcast itself: what they share and nobody else needs. It may change with any version. */
export { DirectoryWatch } from './files/directory-watch.ts'
export { createNewFile } from './files/new-file.ts'
export { isUnsafe, openOwnFile, WITHOUT_FOLLOWING } from './files/own-file.ts'
export { endsAt, followScans, hasOneScan } from './jpeg-scans.ts'
export { withSystemCode } from './system-error.ts'
