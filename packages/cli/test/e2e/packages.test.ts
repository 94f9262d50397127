import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { snippetsOf } from '../support/markdown.ts'
import { describeWithRegistry } from '../support/registry.ts'
import { PROJECT } from '../support/zcast.ts'

/** What is published, by folder. */
const PACKAGES = [
  'shared',
  'log',
  'media',
  'formats',
  'publisher',
  'subscribers',
  'web',
  'schemas',
  'nats',
  'foxglove',
  'recording',
  'relay',
  'room',
  'cli',
] as const
type Package = (typeof PACKAGES)[number]

/** Installing the largest of them takes a minute on a slow network. */
const INSTALL_MS = 300_000

interface Manifest {
  readonly name: string
  readonly license: string
  readonly engines: { readonly node: string }
}

interface PackedFile {
  readonly path: string
}

const manifestOf = (folder: Package): Manifest =>
  JSON.parse(readFileSync(join(PROJECT, 'packages', folder, 'package.json'), 'utf8')) as Manifest

let folder = ''
const tarballs = new Map<Package, string>()
const packed = new Map<Package, readonly string[]>()

/** Runs a program to its end. @returns What it printed. @throws With all it said, when it fails. */
function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`)
  return stdout
}

/** An empty project with packages of ours, and nothing else. @returns Its folder. */
function install(name: string, packages: readonly Package[], others: readonly string[] = []): string {
  const project = join(folder, name)
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{ "private": true }')
  const files = packages.map((of) => tarballs.get(of) as string)
  const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent']
  run('npm', ['install', ...options, ...files, ...others], project)
  return project
}

const node = (project: string, ...args: string[]): string => run(process.execPath, args, project)

/** What the modules of a folder become. */
function builtFrom(source: string): string[] {
  const modules = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  )
  return modules.flatMap((path) => ['.js', '.d.ts'].map((ending) => `dist/${path.replace(/\.ts$/, ending)}`))
}

/** Left by an earlier build, which npm's `prepack` removes; it is not run here. */
function isStale(path: string): boolean {
  return /^dist\/.+\.(js|d\.ts|js\.map|d\.ts\.map)$/.test(path)
}

/** The bytes of all files below a folder. */
function bytesOf(path: string): number {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-packages-'))
  // All at once: npm alone takes half a second to start.
  const workspaces = PACKAGES.flatMap((of) => ['--workspace', `packages/${of}`])
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ...workspaces]
  const results = JSON.parse(run('npm', args, PROJECT)) as readonly {
    readonly name: string
    readonly filename: string
    readonly files: readonly PackedFile[]
  }[]
  for (const of of PACKAGES) {
    const { name } = manifestOf(of)
    const result = results.find((one) => one.name === name)
    tarballs.set(of, join(folder, result?.filename ?? ''))
    packed.set(of, result?.files.map(({ path }) => path) ?? [])
  }
}, INSTALL_MS)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('what npm packs', () => {
  test.each(PACKAGES)('of %s is a README, the licence and what runs', (of) => {
    const files = packed.get(of) as readonly string[]
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
    const built = builtFrom(join(PROJECT, 'packages', of, 'src'))
    expect(files).toEqual(expect.arrayContaining(built))
    const others = files.filter(
      (path) => !['LICENSE', 'README.md', 'package.json', ...built].includes(path) && !isStale(path),
    )
    expect(others.filter((path) => !/^(bin\/\w+\.js|assets\/.+)$/.test(path))).toEqual([])
  })

  test.each(PACKAGES)('of %s has the licence and the engines of the whole', (of) => {
    const { license, engines } = manifestOf(of)
    expect(license).toBe('MIT')
    expect(engines).toEqual({ node: '>=20.19' })
    const text = readFileSync(join(PROJECT, 'LICENSE'), 'utf8')
    expect(readFileSync(join(PROJECT, 'packages', of, 'LICENSE'), 'utf8')).toBe(text)
  })
})

describeWithRegistry('@zcast/publisher and @zcast/subscribers in an empty project', () => {
  let project = ''
  beforeAll(() => {
    project = install('numbers', ['shared', 'formats', 'publisher', 'subscribers'])
  }, INSTALL_MS)

  test.each(['publisher', 'subscribers', 'formats', 'shared'] as const)(
    '%s: the example of its README runs',
    (of) => {
      const [example = ''] = snippetsOf(`packages/${of}/README.md`, 'ts')
      writeFileSync(join(project, `${of}.mjs`), example)
      expect(node(project, `${of}.mjs`)).not.toBe('')
    },
  )

  test('are required from CommonJS', () => {
    const code = `
      const { Publisher } = require('@zcast/publisher')
      const { Subscriber } = require('@zcast/subscribers')
      async function main() {
        const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
        const topic = publisher.topic('numbers/a')
        const subscriber = await Subscriber.open({ connect: publisher.endpoints, topics: ['numbers/a'] })
        await topic.untilWatched()
        await topic.send([1, 2])
        for await (const { block } of subscriber) {
          console.log(...block.data)
          break
        }
        await subscriber.close()
        await publisher.close()
      }
      main()`
    writeFileSync(join(project, 'program.cjs'), code)
    // Node.js 20 calls this experimental where a program asks for it, and does it all the same.
    expect(node(project, '--disable-warning=ExperimentalWarning', 'program.cjs')).toBe('1 2\n')
  })

  test('bring neither ffmpeg nor sharp, nor more than 5 MB beside zeromq.js', () => {
    const modules = join(project, 'node_modules')
    expect(readdirSync(modules)).not.toEqual(expect.arrayContaining(['sharp']))
    expect(readdirSync(join(modules, '@zcast')).toSorted()).toEqual([
      'formats',
      'publisher',
      'shared',
      'subscribers',
    ])
    const zeromq = ['zeromq', 'cmake-ts', 'node-addon-api'].map((name) => bytesOf(join(modules, name)))
    const above = bytesOf(modules) - zeromq.reduce((sum, bytes) => sum + bytes, 0)
    expect(above - bytesOf(join(modules, '@zcast', 'subscribers'))).toBeLessThan(5_000_000)
  })
})

describeWithRegistry('all packages in an empty project', () => {
  let project = ''
  beforeAll(() => {
    project = install('all', PACKAGES, ['@types/node@20'])
  }, INSTALL_MS)

  test.each(['web', 'schemas', 'foxglove', 'recording', 'room', 'log', 'media'] as const)(
    '%s: the example of its README runs',
    (of) => {
      const [example = ''] = snippetsOf(`packages/${of}/README.md`, 'ts')
      writeFileSync(join(project, `${of}.mjs`), example)
      node(project, `${of}.mjs`)
    },
  )

  test('the command publishes a clip of the test pattern', () => {
    const zcast = join(project, 'node_modules', '.bin', 'zcast')
    expect(run(zcast, ['--version'], project)).toMatch(/^\d+\.\d+\.\d+\n$/)
    const args = ['publish', 'video', 'pattern', '--bind', 'tcp://127.0.0.1:*', '--always', '--messages', '3']
    run(zcast, args, project)
  })

  const newest = join(PROJECT, 'node_modules', 'typescript')
  const before = join(PROJECT, 'docs', 'reference', 'node_modules', 'typescript')
  test.each([
    ['TypeScript 7, nodenext, an ES module and CommonJS', newest, 'nodenext', ['mts', 'cts']],
    ['TypeScript 7, bundler', newest, 'bundler', ['ts']],
    ['TypeScript 6, nodenext', before, 'nodenext', ['mts']],
  ] as const)('%s: every type is found', (name, typescript, moduleResolution, extensions) => {
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext'
    const program = join(project, name.replaceAll(/\W+/g, '-'))
    mkdirSync(program)
    for (const extension of extensions) writeFileSync(join(program, `program.${extension}`), TYPED_PROGRAM)
    const options = { module, moduleResolution, target: 'es2023', types: ['node'] }
    const compilerOptions = { ...options, strict: true, noEmit: true, skipLibCheck: typescript === before }
    writeFileSync(join(program, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
    expect(node(project, join(typescript, 'bin', 'tsc'), '-p', program)).toBe('')
  })
})

/** Uses a type of every door, so that one that resolves to `any` is an error. */
const TYPED_PROGRAM = `
import { createLogger } from '@zcast/log'
import { encodeJpeg } from '@zcast/media'
import { Publisher, sourceOf } from '@zcast/publisher'
import { PatternSource } from '@zcast/publisher/video'
import { MsgpackCodec } from '@zcast/shared'
import { Subscriber } from '@zcast/subscribers'
import { RecordingSink } from '@zcast/subscribers/pictures'
import { WebSink } from '@zcast/web'

type IsAny<T> = 0 extends 1 & T ? true : false
export const anyOfThem: readonly false[] = [
  false satisfies IsAny<typeof createLogger>,
  false satisfies IsAny<typeof encodeJpeg>,
  false satisfies IsAny<typeof Publisher.open>,
  false satisfies IsAny<typeof sourceOf>,
  false satisfies IsAny<PatternSource>,
  false satisfies IsAny<MsgpackCodec>,
  false satisfies IsAny<Subscriber>,
  false satisfies IsAny<RecordingSink>,
  false satisfies IsAny<WebSink>,
]

export async function main(): Promise<void> {
  const publisher = await Publisher.open({ bind: 'tcp://127.0.0.1:*' })
  await publisher.topic('numbers/a').send([1, 2])
  // @ts-expect-error an endpoint is a text
  await Publisher.open({ bind: 5556 })
}
`
