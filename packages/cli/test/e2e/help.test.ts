import { describe, expect, test } from '@jest/globals'
import { COMMANDS } from '../../src/command-table.ts'
import { useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()

/** Has the process say at its end which compiled addons it has loaded. */
const TELL_ADDONS = `process.on("exit",()=>process.report.getReport().sharedObjects.filter((path)=>path.endsWith(".node")).forEach((path)=>process.stderr.write(path)))`

async function helpOf(...args: string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await bench.run(args)
  expect({ status, stderr }).toEqual({ status: 0, stderr: [] })
  return stdout
}

describe('zcast help', () => {
  test('is what --help prints, of all commands and of one', async () => {
    expect(await helpOf('help')).toEqual(await helpOf('--help'))
    const [viewer, ...others] = await Promise.all([
      helpOf('help', 'viewer'),
      helpOf('viewer', '--help'),
      helpOf('viewer', '1', '-h'),
      helpOf('--help', 'viewer'),
    ])
    expect(viewer?.[0]).toBe('zcast viewer <number> [files..]')
    for (const other of others) expect(other).toEqual(viewer)
  })

  test('is plain text in a pipe, of 80 columns, and as wide as COLUMNS says', async () => {
    const [plain, wide] = await Promise.all(
      [undefined, '100'].map((COLUMNS) => bench.run(['help', 'publish'], { env: { COLUMNS } })),
    )
    const widest = (lines: readonly string[] = []): number => Math.max(...lines.map(({ length }) => length))
    expect(plain?.stdout.join('')).not.toContain('\u001b')
    expect(widest(plain?.stdout)).toBeLessThanOrEqual(80)
    expect(widest(wide?.stdout)).toBeGreaterThan(80)
  })

  test('has headings in bold where colours are wanted, and not with NO_COLOR', async () => {
    const bold = await bench.run(['help'], { env: { FORCE_COLOR: '1', NO_COLOR: undefined } })
    const plain = await bench.run(['help'], { env: { FORCE_COLOR: undefined, NO_COLOR: '1' } })
    expect(bold.stdout).toContain('\u001b[1mCommands:\u001b[22m')
    expect(plain.stdout).toContain('Commands:')
  })

  test('ends in good order when nobody reads on', async () => {
    const script = '"$NODE" "$ZCAST" help publish | true; echo "${PIPESTATUS[0]}"'
    const shell = bench.launch('bash', ['-c', script], { env: { NODE: process.execPath, ZCAST } })
    expect(await shell.ended).toMatchObject({ stdout: ['0'], stderr: [] })
  })

  test('of every command, and completion, load neither ZeroMQ nor another addon', async () => {
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(TELL_ADDONS)}`
    const run = (...args: string[]): Promise<{ readonly stderr: readonly string[] }> =>
      bench.launch(process.execPath, [ZCAST, ...args], { env: { NODE_OPTIONS } }).ended
    const told = await run('client', '1', '--connect', 'tcp://127.0.0.1:1', '--for', '1ms')
    expect(told.stderr.join('\n')).toMatch(/zeromq.*\.node/)
    for (const { name } of COMMANDS) expect((await run('help', name)).stderr).toEqual([])
    expect((await run('--get-completions', 'client', '--')).stderr).toEqual([])
  })
})

describe('zcast completion', () => {
  test('completes commands, arguments, values and file names in bash', async () => {
    const script = `
      zcast() { "$NODE" "$ZCAST" "$@"; }
      source <(zcast completion bash)
      try() {
        COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _zcast_completions; echo "\${COMPREPLY[*]}"
      }
      touch "clip one.mp4" clip2.mp4
      try zcast vi
      try zcast keys ""
      try zcast viewer 1 --show = t
      try zcast viewer 1 --show =
      try zcast publish video cl
      try zcast client 1 --server
      try zcast client 1 ""
    `
    const env = { NODE: process.execPath, ZCAST }
    const { status, stdout, stderr } = await bench.launch('bash', ['--norc', '-c', script], {
      env,
      cwd: bench.folder,
    }).ended
    expect({ status, stderr }).toEqual({ status: 0, stderr: [] })
    expect(stdout.map((line) => line.split(/ (?!one)/).toSorted())).toEqual([
      ['viewer'],
      ['list', 'new'],
      ['terminal'],
      ['none', 'terminal', 'web', 'window'],
      ['clip one.mp4', 'clip2.mp4'],
      ['--server-key'],
      // A client prints recordings, too.
      ['clip one.mp4', 'clip2.mp4'],
    ])
  })
})
