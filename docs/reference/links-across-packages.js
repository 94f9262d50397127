/**
 * A plugin of typedoc: resolves `{@link SourceError}` in a package that does not import the name, to the export of that
 * name in another package. Comments name errors that are thrown further down.
 *
 * @param {import('typedoc').Application} app
 */
export function load(app) {
  app.converter.addUnknownSymbolResolver((reference, from, link) => {
    const path = reference.symbolReference?.path ?? []
    if (link === undefined || path.length !== 1) return undefined
    for (const entry of from.project.children ?? []) {
      const found = entry.children?.find(({ name }) => name === path[0].path)
      if (found !== undefined) return { target: found, caption: found.name }
    }
    return undefined
  })
}
