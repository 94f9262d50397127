import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readPublicKey, readSecretKeys, writeNewKeys } from '../../../src/index.ts'
import { listKeys, MAX_KEY_FILES, publicKeyPath, secretKeyPath } from '../../../src/internal.ts'
import { findPython } from '@zcast/testing/machine/python'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-keys-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('new keys', () => {
  test('are two files, and the secret one is for its owner alone', async () => {
    const keys = join(folder, 'keys')
    const { publicKey, publicPath, secretPath } = await writeNewKeys(keys, 'lab')
    expect([publicPath, secretPath]).toEqual([join(keys, 'lab.key'), join(keys, 'lab.key_secret')])
    expect((await stat(secretPath)).mode & 0o777).toBe(0o600)
    expect((await stat(keys)).mode & 0o777).toBe(0o700)
    expect(await readPublicKey(publicPath)).toBe(publicKey)
    const { keys: read, warning } = await readSecretKeys(secretPath)
    expect(read.publicKey).toBe(publicKey)
    expect(warning).toBeUndefined()
    expect(await readFile(publicPath, 'utf8')).not.toContain(read.secretKey)
  })

  test.each(['lab.key', 'lab.key_secret'])('never overwrite: %s', async (file) => {
    await writeFile(join(folder, file), 'mine')
    await expect(writeNewKeys(folder, 'lab')).rejects.toMatchObject({ code: 'ERR_KEY' })
    expect(await readFile(join(folder, file), 'utf8')).toBe('mine')
    const other = file === 'lab.key' ? 'lab.key_secret' : 'lab.key'
    await expect(stat(join(folder, other))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('do not follow a link that waits in their place', async () => {
    await symlink(join(folder, 'elsewhere'), secretKeyPath(folder, 'lab'))
    await expect(writeNewKeys(folder, 'lab')).rejects.toMatchObject({ code: 'ERR_KEY' })
    await expect(stat(join(folder, 'elsewhere'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test.each([
    '',
    '.',
    '..',
    '.lab',
    'lab.key',
    'lab.key_secret',
    '../lab',
    'a/b',
    'a\\b',
    'a b',
    'a\0b',
    'é',
    'x'.repeat(65),
  ])('have no such name: %j', async (name) => {
    await expect(writeNewKeys(folder, name)).rejects.toMatchObject({ code: 'ERR_KEY' })
    expect((await listKeys(folder)).keys).toEqual([])
  })
})

describe('key files', () => {
  test('that others can read are read with a warning that names the file', async () => {
    const { secretPath } = await writeNewKeys(folder, 'lab')
    await chmod(secretPath, 0o640)
    const { warning } = await readSecretKeys(secretPath)
    expect(warning).toContain(secretPath)
    expect((await listKeys(folder)).keys).toMatchObject([{ name: 'lab', secret: true, exposed: true }])
  })

  test.each<[string, (path: string) => Promise<unknown>, RegExp]>([
    ['is missing', async () => undefined, /^there is no key file ".*lab\.key": make keys with /],
    ['is a directory', (path) => mkdir(path), /" is not a key file$/],
    [
      'holds something else',
      (path) => writeFile(path, 'curve\n  public-key = "hunter2"'),
      /" is not a key file: line 2 has no key/,
    ],
    [
      'is too large',
      (path) => writeFile(path, Buffer.alloc(70_000)),
      /" is not a key file: it is over 65536 bytes$/,
    ],
  ])(
    'that cannot be used are named, and what they hold is not: one that %s',
    async (_, prepare, sentence) => {
      const path = publicKeyPath(folder, 'lab')
      await prepare(path)
      const failure = readPublicKey(path).catch((error: unknown) => error)
      expect(await failure).toMatchObject({ code: 'ERR_KEY', message: expect.stringMatching(sentence) })
      expect(String(await failure)).not.toContain('hunter2')
    },
  )

  test('that are devices are not read', async () => {
    await expect(readPublicKey('/dev/zero')).rejects.toMatchObject({ code: 'ERR_KEY' })
  })

  test("without a secret key, or with one of somebody else, are no keys of one's own", async () => {
    const lab = await writeNewKeys(folder, 'lab')
    const guest = await writeNewKeys(folder, 'guest')
    await expect(readSecretKeys(lab.publicPath)).rejects.toMatchObject({ code: 'ERR_KEY' })
    const mixed = (await readFile(lab.secretPath, 'utf8')).replace(lab.publicKey, () => guest.publicKey)
    await writeFile(join(folder, 'mixed'), mixed)
    await expect(readSecretKeys(join(folder, 'mixed'))).rejects.toMatchObject({
      message: expect.stringMatching(/do not belong together/),
    })
  })

  test('are listed by name; those that are none are told', async () => {
    await writeNewKeys(folder, 'b')
    await writeNewKeys(folder, 'a')
    await writeFile(join(folder, 'c.key'), 'rubbish')
    await writeFile(join(folder, 'd.txt'), 'rubbish')
    const { keys, problems } = await listKeys(folder)
    expect(keys.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(problems).toEqual([expect.stringContaining('c.key')])
    await expect(listKeys(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ERR_KEY' })
    expect(MAX_KEY_FILES).toBe(10_000)
  })
})

const PYTHON = findPython('zmq.auth')

PYTHON.describe('PyZMQ', () => {
  const run = (code: string, ...args: string[]): string => {
    const { stdout, stderr, status } = spawnSync(PYTHON.path as string, ['-c', code, ...args], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr)
    return stdout.trim()
  }

  test('reads the files written here, and finds that the keys belong together', async () => {
    const { publicKey, secretPath, publicPath } = await writeNewKeys(folder, 'lab')
    const code =
      'import sys,zmq,zmq.auth\np,s=zmq.auth.load_certificate(sys.argv[1])\n' +
      'assert zmq.curve_public(s)==p and zmq.auth.load_certificate(sys.argv[2])==(p,None)\n' +
      'assert zmq.auth.load_certificates(sys.argv[3])=={p:True}\nprint(p.decode())'
    expect(run(code, secretPath, publicPath, folder)).toBe(publicKey)
  })

  test('writes files that are read here', async () => {
    const code = 'import sys,zmq.auth\nzmq.auth.create_certificates(sys.argv[1],"py",{"k":"v"})'
    run(code, folder)
    const { keys } = await readSecretKeys(secretKeyPath(folder, 'py'))
    expect(await readPublicKey(publicKeyPath(folder, 'py'))).toBe(keys.publicKey)
  })
})
