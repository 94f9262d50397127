/** A sentence that names a file by its name for people instead of its path, which is nobody's business. */
export function withoutPath(sentence: string, path: string, name: string): string {
  return sentence.replaceAll(path, () => name)
}
