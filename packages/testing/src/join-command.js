import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url))
const CLI = join(PROJECT, 'packages', 'cli')
const JOINED = join(PROJECT, 'node_modules', '.cache', 'zcast-command')

/** What loads many small modules; other libraries are loaded from where they are. */
const JOINED_TOO = /^(@zcast\/|yargs|y18n|cliui|escalade)/

/** Every module goes on to find what lies beside it. */
const where = {
  name: 'where',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path }) =>
      JOINED_TOO.test(path) ? undefined : { path, external: true },
    )
    builder.onLoad({ filter: /packages[/\\][^/\\]+[/\\]dist[/\\].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) }
    })
  },
}

/**
 * Joins the hundreds of modules of the built command into a few files, once before the end-to-end tests: they start it
 * hundreds of times, which takes 0.23 s of CPU each time instead of 0.34 s for a client, and 0.45 s instead of 0.8 s for a
 * room. Tests of packages and of the demo start it as it
 * is installed.
 */
export default async function joinCommand() {
  await mkdir(dirname(JOINED), { recursive: true })
  const aside = await mkdtemp(`${JOINED}-`)
  await build({
    entryPoints: [join(CLI, 'dist', 'start.js')],
    outdir: join(aside, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    plugins: [where],
    logLevel: 'warning',
  })
  await cp(join(CLI, 'bin'), join(aside, 'bin'), { recursive: true })
  await rm(JOINED, { recursive: true, force: true })
  await rename(aside, JOINED)
}
