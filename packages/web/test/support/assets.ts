/** Loads a script of the pages that needs nothing of a browser. */
export async function loadAsset<Exports>(name: string): Promise<Exports> {
  return (await import(new URL(`../../assets/${name}`, import.meta.url).href)) as Exports
}
