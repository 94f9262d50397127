import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { createLogger, parseLogLine } from '../../src/index.ts'
import { canMakeReadOnly, makeReadOnly } from '@zcast/testing/machine/read-only'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { readAllLines } from '../support/read-all-lines.ts'

const directory = useTemporaryFolder()
const messages = (where = directory()): (string | undefined)[] =>
  readAllLines(where).map((line) => parseLogLine(line)?.message)

describe('the logger', () => {
  test('has written a line when the call returns, from the first to the thousandth', async () => {
    const log = await createLogger({ role: 'client 1', directory: directory() })
    for (let number = 0; number < 1000; number++) {
      if (number % 2 === 0) log.error(`event ${number}`)
      else log.warning(`event ${number}`)
      if (number < 3 || number > 997) expect(messages().at(-1)).toBe(`event ${number}`)
    }
    expect(messages()).toHaveLength(1000)
    expect(readAllLines(directory())[1]).toMatch(
      /^\d+ - \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d - WARNING - client 1: event 1$/,
    )
    log.close()
  })

  test('adds the system code of a cause', async () => {
    const log = await createLogger({ role: 'publisher', directory: directory() })
    log.error('cannot bind tcp://127.0.0.1:5556: address already in use', { code: 'EADDRINUSE' })
    log.warning('late', new Error('without a code'))
    expect(messages()).toEqual([
      'cannot bind tcp://127.0.0.1:5556: address already in use (EADDRINUSE)',
      'late',
    ])
    log.close()
  })

  test('writes one line an event, whatever is in it', async () => {
    const log = await createLogger({ role: 'a\nb', directory: directory() })
    log.error('1 - forged\n2 - line\r\u001b[2J%s %d')
    log.error('')
    log.error('x'.repeat(1_000_000))
    expect(messages().slice(0, 2)).toEqual(['1 - forged\\n2 - line\\r\\x1b[2J%s %d', ''])
    expect(readAllLines(directory())).toHaveLength(3)
    expect(messages()[2]).toMatch(/^x{16000,16384}…$/)
    log.close()
  })

  test('leaves warnings out when asked for errors', async () => {
    const log = await createLogger({ role: 'publisher', directory: directory(), level: 'error' })
    log.warning('late')
    log.error('gone')
    expect(messages()).toEqual(['gone'])
    log.close()
  })

  test('makes the directory, and rotates', async () => {
    const where = join(directory(), 'a', 'b')
    const log = await createLogger({ role: 'publisher', directory: where, maxBytes: 1024, maxFiles: 3 })
    for (let number = 0; number < 100; number++) log.error(`event ${number}`)
    expect(readdirSync(where).sort()).toEqual(['errors.1.log', 'errors.2.log', 'errors.log'])
    expect(messages(where).at(-1)).toBe('event 99')
    log.close()
  })

  test('is shared by several logs', async () => {
    const options = { directory: directory(), maxBytes: 1024, maxFiles: 100 }
    const [one, two] = [
      await createLogger({ ...options, role: 'one' }),
      await createLogger({ ...options, role: 'two' }),
    ]
    for (let number = 0; number < 200; number++) (number % 2 ? two : one).error(`event ${number}`)
    expect(messages()).toEqual(Array.from({ length: 200 }, (_, number) => `event ${number}`))
    one.close()
    two.close()
  })

  test('says a failure once and never throws', async () => {
    const where = join(directory(), 'logs')
    const said: string[] = []
    const log = await createLogger({
      role: 'a',
      directory: where,
      onFailure: (sentence) => said.push(sentence),
    })
    const { rmSync } = await import('node:fs')
    rmSync(where, { recursive: true })
    writeFileSync(where, 'in the way')
    for (let number = 0; number < 100; number++) log.error(`event ${number}`)
    expect(said).toEqual([expect.stringContaining('cannot write the error log')])
    rmSync(where)
    log.error('well again')
    expect(messages(where)).toEqual(['well again'])
    log.close()
  })

  test('refuses a directory that cannot be made', async () => {
    writeFileSync(join(directory(), 'file'), '')
    await expect(
      createLogger({ role: 'a', directory: join(directory(), 'file', 'logs') }),
    ).rejects.toMatchObject({
      code: 'ERR_LOG_DIRECTORY',
      message: expect.stringMatching(
        /^cannot write the error log in ".+": not a directory \(ENOTDIR\): [^\n]+$/,
      ),
    })
  })

  const withReadOnly = canMakeReadOnly ? test : test.skip
  withReadOnly('says that its directory is read-only, and writes once it is not', async () => {
    const where = join(directory(), 'logs')
    mkdirSync(where)
    const makeWritable = makeReadOnly(where)
    const said: string[] = []
    try {
      const log = await createLogger({ role: 'a', directory: where, onFailure: (text) => said.push(text) })
      for (let number = 0; number < 10; number++) log.error(`event ${number}`)
      expect(said).toEqual([expect.stringMatching(/^cannot write the error log .+; streaming goes on/)])
      makeWritable()
      log.error('well again')
      expect(messages(where)).toEqual(['well again'])
      log.close()
    } finally {
      makeWritable()
    }
  })

  test.each([
    ['maxBytes', { maxBytes: 1023 }],
    ['maxFiles', { maxFiles: 0 }],
    ['maxFiles', { maxFiles: 1001 }],
  ])('refuses %s out of range', async (name, option) => {
    await expect(createLogger({ role: 'a', directory: directory(), ...option })).rejects.toMatchObject({
      code: 'ERR_OPTION',
      message: expect.stringContaining(`${name} must be a whole number from`),
    })
  })
})
