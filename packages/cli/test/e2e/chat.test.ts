import { readFile, stat, writeFile } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { Pty, whyNoPty } from '@zcast/testing/machine/pty'
import { freePort } from '@zcast/testing/network/free-ports'
import type { Program } from '../support/program.ts'
import { useWorkbench, ZCAST } from '../support/zcast.ts'

const bench = useWorkbench()

async function startRoom(
  port = 0,
  options: readonly string[] = [],
): Promise<{ room: Program; address: string }> {
  const own = ['--port', port, '--bind', 'tcp://127.0.0.1:*', '--data', bench.path('room'), ...options]
  const room = bench.start(['room', ...own])
  const [, address] = await room.stdout.find(/^watch at (\S+)$/)
  return { room, address: address as string }
}

const member = (address: string, name: string, ...options: readonly (string | number)[]): Program =>
  bench.start(['chat', '--connect', address, '--name', name, ...options])

describe('a chat by lines', () => {
  test('says what is on standard input, prints what others say, and ends when all was said', async () => {
    const { address } = await startRoom()
    const listener = member(address, 'ann', '--messages', 3)
    await listener.stderr.find(/^chat: in the room "main" at .* as ann; nobody else is here$/)
    const speaker = member(address, 'ben')
    speaker.endInput('h\u00e9llo \u2615\n\n\u001b[31mred\u001b[0m\nlast line without an end')
    expect(await speaker.ended).toMatchObject({ status: 0 })
    const { status, stdout, stderr } = await listener.ended
    expect({ status, last: stderr.at(-1) }).toEqual({ status: 0, last: 'heard 3, said 0, not said 0' })
    expect(stdout.map((line) => line.replace(/^\d\d:\d\d /, ''))).toEqual([
      'ben: h\u00e9llo \u2615',
      'ben: [31mred[0m',
      'ben: last line without an end',
    ])
  })

  test('waits where it is too fast, so that nothing is left out', async () => {
    const { address } = await startRoom()
    const speaker = member(address, 'ben', '--json')
    speaker.endInput(Array.from({ length: 8 }, (_, index) => `line ${index}\n`).join(''))
    const { status, stdout } = await speaker.ended
    expect(status).toBe(0)
    const told = stdout.map((line) => JSON.parse(line) as { type: string; text?: string })
    expect(told[0]).toMatchObject({ type: 'joined', room: 'main', name: 'ben', isHost: true, guests: 1 })
    expect(told.slice(1).map(({ text }) => text)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `line ${index}`),
    )
  })

  test('says with its status what was not said', async () => {
    const { address } = await startRoom()
    const speaker = member(address, 'ben')
    speaker.endInput(`${'x'.repeat(501)}\nfine\n${'y'.repeat(100_000)}\n`)
    const { status, stdout, stderr } = await speaker.ended
    expect(status).toBe(1)
    expect(stdout).toEqual([expect.stringMatching(/ ben: fine$/)])
    expect(stderr).toContain(
      'chat: error: a line was not said: a message has at most 500 characters, this one has 501',
    )
    expect(stderr.at(-1)).toBe('zcast: 2 of 3 lines were not said')
  })

  test('prints earlier lines where they are asked for', async () => {
    const { address } = await startRoom()
    const speaker = member(address, 'ben')
    speaker.endInput('one\ntwo\nthree\n')
    await speaker.ended
    const reader = member(address, 'ann', '--history', 2)
    reader.endInput()
    const { stdout } = await reader.ended
    expect(stdout.map((line) => line.slice(6))).toEqual(['ben: two', 'ben: three'])
  })

  test('comes back when the room was killed and started again, as the same guest, and misses nothing', async () => {
    const port = await freePort()
    const { room, address } = await startRoom(port)
    const ann = member(address, 'ann', '--json')
    await ann.stdout.find(/"joined"/)
    ann.write('before\n')
    await ann.stdout.find(/"text":"before"/)
    await room.stop('SIGKILL')
    await ann.stderr.find(/^chat: warning: the connection to the room was lost: the room is gone$/)
    ann.write('meanwhile\n')
    await startRoom(port)
    await ann.stdout.find(/"text":"meanwhile"/)
    ann.endInput()
    const { status, stdout } = await ann.ended
    expect(status).toBe(0)
    const told = stdout.map((line) => JSON.parse(line) as { type: string; guest: string; text?: string })
    expect(told.map(({ type, text }) => text ?? type)).toEqual(['joined', 'before', 'joined', 'meanwhile'])
    expect(new Set(told.map(({ guest }) => guest)).size).toBe(1)
  })

  test('keeps who it is in a file, for its owner only', async () => {
    const { address } = await startRoom()
    const ids: unknown[] = []
    for (let run = 0; run < 2; run++) {
      const ann = member(address, 'ann', '--json', '--key-file', bench.path('ann.key'))
      ann.endInput()
      const { stdout } = await ann.ended
      ids.push(JSON.parse(stdout[0] as string))
    }
    expect(ids[1]).toEqual(ids[0])
    expect((await stat(bench.path('ann.key'))).mode & 0o777).toBe(0o600)
    expect(await readFile(bench.path('ann.key'), 'utf8')).toMatch(/^[\w-]{22}\n$/)
  })

  test('wants the token of a room that has one, from a file or a link', async () => {
    await writeFile(bench.path('token'), 'guests-guests-guests\n', { mode: 0o600 })
    const { address } = await startRoom(0, ['--token-file', bench.path('token')])
    const page = address.replace(/\/?(\?.*)?$/, '')
    const [without, byFile, byLink] = [
      member(page, 'ann'),
      member(page, 'ben', '--token-file', bench.path('token')),
      member(`${page}/?token=guests-guests-guests`, 'cleo'),
    ]
    for (const program of [without, byFile, byLink]) program.endInput()
    const { status, stderr } = await without.ended
    expect({ status, said: stderr.at(-1) }).toMatchObject({
      status: 1,
      said: expect.stringContaining('it wants an invitation: give the file of its token with --token-file'),
    })
    expect(await byFile.ended).toMatchObject({ status: 0 })
    expect(await byLink.ended).toMatchObject({ status: 0 })
  })

  test('trusts the certificate of a room by its fingerprint or its file, and no other', async () => {
    const { room, address } = await startRoom(0, ['--https', '--keys-dir', bench.path('keys')])
    const [, fingerprint = ''] = await room.stderr.find(/SHA-256 (\S+)$/)
    const other = fingerprint.replace(/^../, (digits) => (digits === '00' ? '11' : '00'))
    const trusts = [[], [`sha256:${other}`], [`sha256:${fingerprint}`], [bench.path('keys/page.crt')]]
    const programs = trusts.map((texts, index) =>
      member(address, `guest${index}`, ...texts.flatMap((text) => ['--trust-cert', text])),
    )
    for (const program of programs) program.endInput('hi\n')
    const endings = await Promise.all(programs.map(({ ended }) => ended))
    expect(endings.map(({ status }) => status)).toEqual([1, 1, 0, 0])
    for (const { stderr } of endings.slice(0, 2))
      expect(stderr.at(-1)).toContain(
        `its certificate is not known here: if the room printed the same fingerprint, give it with --trust-cert sha256:${fingerprint.replaceAll(':', '')}`,
      )
  })

  test.each([
    [['--connect', 'ftp://x'], 'is not the address of a room'],
    [['--name', '\u200b'], 'name must have 1 to 40 characters that are seen'],
    [['--history', '201'], 'history must be a whole number from 0 to 200'],
    [['--token-file', '/nowhere/x'], 'cannot read the token in /nowhere/x'],
  ])('refuses %j with status 2', async (options, sentence) => {
    const { status, stderr } = await bench.run(['chat', ...options])
    expect({ status, stderr }).toEqual({ status: 2, stderr: [expect.stringContaining(sentence)] })
  })
})

const reason = whyNoPty()
if (reason !== undefined) console.log(`tests in a terminal are skipped: ${reason}`)
const terminals = reason === undefined ? describe : describe.skip

terminals('a chat in a terminal', () => {
  const open = (address: string, environment: Readonly<Record<string, string>> = {}): Pty => {
    const command = [process.execPath, ZCAST, 'chat', '--name', 'ann', '--connect', address]
    return new Pty({ columns: 90, rows: 16 }, [...command, '--log-dir', bench.logFolder], {
      TERM: 'xterm-256color',
      ...environment,
    })
  }

  test('shows what is said, who is here and who types, and gives the terminal back', async () => {
    const { address } = await startRoom()
    const ben = member(address, 'ben')
    const pty = open(address)
    try {
      await pty.shows(({ text }) => text.includes('room main  2 here  you are ann'))
      pty.type('hello there\r')
      await ben.stdout.find(/ ann: hello there$/)
      await pty.shows(({ text }) => / ann: hello there/.test(text))
      ben.write('\u001b]0;evil\u0007\u001b[2J \u4f60\u597d\n')
      await pty.shows(({ text }) => text.includes('ben: ]0;evil[2J \u4f60\u597d'))
      expect(pty.emulator.title).toBe('zcast chat')
      expect(pty.emulator.text).toMatch(/\u2502 ?\*?ben/)
      pty.resize(60, 10)
      await pty.shows(({ text }) => text.split('\n').length === 10 && text.includes('hello there'))
      expect(pty.emulator.text).not.toContain('\u2502')
      pty.type('/who\r')
      await pty.shows(({ text }) => text.includes('ben (host)'))
      pty.type('/remove ben\r')
      await pty.shows(({ text }) => text.includes('removed by ann') && !text.includes('evil'))
      pty.type('/slow 9\r')
      await pty.shows(({ text }) => text.includes('slow: one message each 9 s'))
      pty.type('\u0003')
      expect(await pty.exited).toEqual({ code: 0, signal: null, restored: true })
      expect(pty.emulator.modes.get(1049)).toBe(false)
      expect(pty.emulator.modes.get(2004)).toBe(false)
    } finally {
      await pty.close()
    }
    await ben.stop()
  })

  test('gives back what was refused, says why, and has older lines when they are asked for', async () => {
    const lines = Array.from({ length: 350 }, (_, index) => ({
      id: index + 1,
      time: 1,
      guest: 'b1',
      name: 'ben',
      text: `line ${index + 1}.`,
    }))
    const { room } = await startRoom()
    await room.stop()
    await writeFile(bench.path('room/chat.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const again = await startRoom()
    const pty = open(again.address)
    try {
      await pty.shows(({ text }) => text.includes('line 350.'))
      pty.type('x'.repeat(600))
      pty.type('\r')
      await pty.shows(({ text }) => text.includes('ann: xxx'))
      for (let count = 0; count < 8; count++) pty.type(`${count}\r`)
      await pty.shows(({ text }) => text.includes('not so fast: write again in'))
      for (let page = 0; page < 40 && !pty.emulator.text.includes('line 1.'); page++) {
        const before = pty.emulator.text
        pty.type('\u001b[5~')
        await pty.shows(({ text }) => text !== before)
      }
      expect(pty.emulator.text).toContain('line 1.')
      pty.type('\u0003')
      expect(await pty.exited).toMatchObject({ code: 0, restored: true })
    } finally {
      await pty.close()
    }
  })

  test('says that the connection was lost, and that it is back', async () => {
    const port = await freePort()
    const { room, address } = await startRoom(port)
    const pty = open(address, { NO_COLOR: '1' })
    try {
      await pty.shows(({ text }) => text.includes('1 here'))
      await room.stop('SIGKILL')
      await pty.shows(({ text }) => text.includes('the connection was lost: the room is gone; trying again'))
      pty.type('typed meanwhile\r')
      await pty.shows(({ text }) => text.includes('this was not said') && text.includes('> typed meanwhile'))
      await startRoom(port)
      await pty.shows(({ text }) => text.includes('back in the room'))
      pty.type('\r')
      await pty.shows(({ text }) => text.includes('ann: typed meanwhile'))
      // oxlint-disable-next-line no-control-regex -- colours are control sequences
      expect(pty.written).not.toMatch(/\u001b\[(?:3|4|9)\dm/)
      pty.signal(15)
      expect(await pty.exited).toMatchObject({ code: 0, restored: true })
    } finally {
      await pty.close()
    }
  })
})
