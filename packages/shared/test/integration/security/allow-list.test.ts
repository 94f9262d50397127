import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { AllowList, type AllowSource, writeNewKeys } from '../../../src/index.ts'
import { publicKeyPath } from '../../../src/internal.ts'
import { Recorder } from '@zcast/testing/waiting/recorder'

let folder = ''
let ended = new AbortController()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zcast-allow-'))
  ended = new AbortController()
})
afterEach(async () => {
  ended.abort()
  await rm(folder, { recursive: true, force: true })
})

/** A list that follows its files; `changes` and `problems` are what it tells. */
async function follow(
  ...sources: AllowSource[]
): Promise<{ list: AllowList; changes: Recorder<string>; problems: Recorder<string> }> {
  const changes = new Recorder<string>()
  const problems = new Recorder<string>()
  const list = await AllowList.open(sources, { onChange: changes.add, onProblem: problems.add })
  void list.watch(ended.signal)
  return { list, changes, problems }
}

const newKey = async (name: string): Promise<string> => (await writeNewKeys(folder, name)).publicKey
const file = (name: string): AllowSource => ({ kind: 'file', path: publicKeyPath(folder, name) })

describe('allowed keys', () => {
  test('come from files and directories', async () => {
    const [lab, guest, other] = [await newKey('lab'), await newKey('guest'), await newKey('other')]
    const inside = join(folder, 'inside')
    const { publicKey } = await writeNewKeys(inside, 'friend')
    const { list } = await follow(file('lab'), file('guest'), { kind: 'directory', path: inside })
    expect([lab, guest, other, publicKey].map((key) => list.keys.allows(key))).toEqual([
      true,
      true,
      false,
      true,
    ])
  })

  test('of a directory come and go with its files, and each change is told', async () => {
    const lab = await newKey('lab')
    const { list, changes } = await follow({ kind: 'directory', path: folder })
    const removals = new Recorder<number>()
    list.keys.onRemoved(() => removals.add(1))
    const guest = await newKey('guest')
    await changes.count(1)
    expect([lab, guest].map((key) => list.keys.allows(key))).toEqual([true, true])
    expect(removals.seen).toEqual([])
    await rm(publicKeyPath(folder, 'lab'))
    await changes.count(2)
    expect([lab, guest].map((key) => list.keys.allows(key))).toEqual([false, true])
    expect(removals.seen).toEqual([1])
    expect(changes.seen).toEqual([
      'keys allowed from now on: guest',
      'keys no longer allowed, their clients cut off: lab',
    ])
  })

  test('of a file go when it goes, is replaced or becomes rubbish, and come back with it', async () => {
    const lab = await newKey('lab')
    const { list, changes, problems } = await follow(file('lab'))
    const path = publicKeyPath(folder, 'lab')
    await rename(path, `${path}.away`)
    await changes.count(1)
    expect(list.keys.allows(lab)).toBe(false)
    await rename(`${path}.away`, path)
    await changes.count(2)
    expect(list.keys.allows(lab)).toBe(true)
    await writeFile(path, 'rubbish')
    await problems.count(1)
    await changes.count(3)
    expect(list.keys.allows(lab)).toBe(false)
    const guest = await newKey('guest')
    await rename(publicKeyPath(folder, 'guest'), path)
    await changes.count(4)
    expect([lab, guest].map((key) => list.keys.allows(key))).toEqual([false, true])
    expect(problems.seen).toEqual([expect.stringContaining('lab.key')])
  })

  test('go with their directory', async () => {
    const inside = join(folder, 'inside')
    const { publicKey } = await writeNewKeys(inside, 'friend')
    const { list, changes, problems } = await follow({ kind: 'directory', path: inside })
    await rm(inside, { recursive: true })
    await changes.count(1)
    expect(list.keys.allows(publicKey)).toBe(false)
    expect((await problems.count(1))[0]).toContain('there is no such folder')
    const again = await writeNewKeys(inside, 'friend')
    await changes.count(2)
    expect(list.keys.allows(again.publicKey)).toBe(true)
  })

  test.each<[string, AllowSource]>([
    ['a file', { kind: 'file', path: 'nowhere/lab.key' }],
    ['a directory', { kind: 'directory', path: 'nowhere' }],
  ])('cannot come from %s that is not there', async (_, source) => {
    await expect(AllowList.open([source])).rejects.toMatchObject({ code: 'ERR_KEY' })
  })

  test('are what is left of a directory where a file is none', async () => {
    await mkdir(join(folder, 'keys'))
    const { publicKey } = await writeNewKeys(join(folder, 'keys'), 'lab')
    await writeFile(join(folder, 'keys', 'bad.key'), 'rubbish')
    const { list, problems } = await follow({ kind: 'directory', path: join(folder, 'keys') })
    expect(list.keys.allows(publicKey)).toBe(true)
    expect(problems.seen).toHaveLength(1)
  })
})
