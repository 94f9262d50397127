export { canBeReplaced, findFolderFlaw, isRealFolder } from './folder-safety.ts'
export { keepFolder, writeWholeFile } from './whole-file.ts'
