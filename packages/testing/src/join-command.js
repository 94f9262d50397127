import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url))
const CLI = join(PROJECT, 'packages', 'cli')
const JOINED = join(PROJECT, 'node_modules', '.cache', 'zcast-command')

/** What finds files of its own beside it, such as native parts; it is loaded from where it is. */
const LEFT_ALONE =
  /^(zeromq|sharp|msgpackr|serialport|@ffmpeg-installer\/|@ffprobe-installer\/|fluent-ffmpeg|@foxglove\/wasm)/

/** Every module goes on to find what lies beside it. */
const where = {
  name: 'where',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path }) =>
      LEFT_ALONE.test(path) ? { path, external: true } : undefined,
    )
    builder.onLoad({ filter: /packages[/\\][^/\\]+[/\\]dist[/\\].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) }
    })
  },
}

/**
 * Joins the hundreds of modules of the built command and of its libraries into a few files, once before the end-to-end
 * tests, which start it hundreds of times: a client takes 0.28 s of CPU each time instead of the 0.43 s of the
 * installed one. Tests of packages and of the demo start it as it is installed.
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
    // CommonJS modules ask for those of Node.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    platform: 'node',
    plugins: [where],
    logLevel: 'warning',
  })
  await cp(join(CLI, 'bin'), join(aside, 'bin'), { recursive: true })
  await rm(JOINED, { recursive: true, force: true })
  await rename(aside, JOINED)
}
