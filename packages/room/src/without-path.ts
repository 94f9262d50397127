/**
 * A sentence that names a file by its name for people instead of its path: guests learn nothing of the folders of the
 * room. ffmpeg writes some paths as `file:PATH`.
 */
export function withoutPath(sentence: string, path: string, name: string): string {
  return sentence.replaceAll(`file:${path}`, () => name).replaceAll(path, () => name)
}
