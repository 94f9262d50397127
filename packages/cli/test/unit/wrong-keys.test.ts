import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { writeNewKeys } from '@zcast/shared'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { refusal } from '../support/refusal.ts'

const folder = useTemporaryFolder()
const keyFile = (name: string): string => join(folder(), `${name}.key`)
const NUMBERS = ['publish', 'numbers', '--bind', 'tcp://127.0.0.1:*', '--interval', '10ms'] as const

/** What is said, without where the value came from. */
async function said(...args: string[]): Promise<string | undefined> {
  return (await refusal([...args, '--keys-dir', folder()]))?.replace(/ \(from --[a-z-]+\)$/, '')
}

beforeEach(async () => {
  for (const name of ['server', 'lab']) await writeNewKeys(folder(), name)
})

describe('options of keys that are wrong', () => {
  const CASES: readonly [string, () => string[], RegExp][] = [
    [
      'keys that are not there',
      () => [...NUMBERS, '--curve', 'nobody', '--allow', 'lab'],
      /^there is no key file ".*nobody\.key_secret": /,
    ],
    [
      'an allowed key that is not there',
      () => [...NUMBERS, '--curve', 'server', '--allow', 'nobody'],
      /^there is no key file ".*nobody\.key": /,
    ],
    [
      'an allowed folder that is not there',
      () => [...NUMBERS, '--curve', 'server', '--allow', './nowhere'],
      /^cannot read the keys in ".*nowhere": there is no such folder$/,
    ],
    ['curve without allow', () => [...NUMBERS, '--curve', 'server'], /^curve needs allow: /],
    ['allow without curve', () => [...NUMBERS, '--allow', 'lab'], /^allow needs curve: /],
    ['curve without server-key', () => ['client', '3', '--curve', 'lab'], /^curve needs server-key: /],
    [
      'server-key without curve',
      () => ['client', '3', '--server-key', keyFile('server')],
      /^server-key needs curve: /,
    ],
    [
      "a public key as one's own",
      () => ['client', '3', '--curve', keyFile('lab')],
      /^the key file ".*lab\.key" has no secret key: /,
    ],
    [
      'a file that is none',
      () => ['viewer', '1', '--curve', 'lab', '--server-key', '/dev/null'],
      /^"\/dev\/null" is not a key file/,
    ],
    [
      'a stream that is not published',
      () => [...NUMBERS, '--curve', 'server', '--allow', 'lab=cam'],
      /^allow gives "lab" the stream "cam", which is not published here$/,
    ],
    [
      'rights that one endpoint cannot keep apart',
      () => ['publish', 'video', 'a=pattern', 'b=pattern', '--curve', 'server', '--allow', 'lab=a'],
      /^allow cannot give "lab" video\/a without all the video of this publisher, which share one endpoint/,
    ],
    [
      'rights to one of the streams that clients bring',
      () => ['publish', 'video', 'framed://127.0.0.1:17322', '--curve', 'server', '--allow', 'lab=main'],
      /^allow cannot give "lab" video\/main without all the video of this publisher/,
    ],
  ]

  test.each(CASES)('are refused: %s', async (_, args, sentence) => {
    expect(await said(...args())).toMatch(sentence)
  })

  test.each(['curve', 'allow', 'server-key'])(
    'are refused without being repeated: a key itself, as %s',
    async (name) => {
      const secret = /secret-key = "(.+)"/.exec(readFileSync(`${keyFile('lab')}_secret`, 'utf8'))?.[1] ?? ''
      const command = name === 'server-key' ? ['client', '3', '--curve', 'lab'] : [...NUMBERS]
      const rest = name === 'allow' ? ['--curve', 'server'] : []
      const sentence = await said(...command, ...rest, `--${name}`, secret)
      expect(sentence).toMatch(new RegExp(`^${name} must be the name of keys or of their file, never a key`))
      expect(secret).toHaveLength(40)
      expect(sentence).not.toContain(secret)
    },
  )
})

describe('zcast keys', () => {
  test.each<[string[], RegExp]>([
    [['new'], /^name the keys to make, such as "zcast keys new lab"$/],
    [['list', 'lab'], /^"keys list" takes no name, got "lab"$/],
    [['burn', 'lab'], /^cannot "burn" keys: choose new or list$/],
    [[], /^write "keys new NAME" or "keys list"$/],
  ])('refuses %j with one sentence', async (args, sentence) => {
    expect(await said('keys', ...args)).toMatch(sentence)
  })
})
