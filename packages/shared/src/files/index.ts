export { canBeReplaced, findFolderFlaw, isRealFolder } from './folder-safety.ts'
export { isUnsafe, openOwnFile } from './own-file.ts'
export { writeWholeFile } from './whole-file.ts'
