export { canBeReplaced, findFolderFlaw, isRealFolder } from './folder-safety.ts'
export { writeWholeFile } from './whole-file.ts'
