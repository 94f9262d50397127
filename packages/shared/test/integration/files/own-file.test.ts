import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  linkSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { findFileFlaw, findFolderFlaw } from '../../../src/files/folder-safety.ts'
import { writeWholeFile } from '../../../src/files/index.ts'
import { openOwnFile } from '../../../src/files/own-file.ts'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const directory = useTemporaryFolder()
const path = (name: string): string => join(directory(), name)
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT
const isRoot = process.getuid?.() === 0
if (!isRoot) console.log('files of other users are not tested: only root can make them')
const asRoot = isRoot ? test : test.skip
const STRANGER = 65_534

function refusal(name: string, flags = APPEND): string {
  try {
    closeSync(openOwnFile(path(name), flags))
    return ''
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_UNSAFE_FILE' })
    return (error as Error).message
  }
}

describe('a file in a folder that others may write to', () => {
  test('is made, and opened again', () => {
    for (const text of ['one', 'two']) {
      const descriptor = openOwnFile(path('log'), APPEND)
      writeSync(descriptor, text)
      closeSync(descriptor)
    }
    expect(refusal('log')).toBe('')
  })

  test('is not followed where it is a link, to something or to nothing', () => {
    writeFileSync(path('secret'), 'mine', { mode: 0o600 })
    symlinkSync(path('secret'), path('link'))
    symlinkSync(path('nothing'), path('dangling'))
    expect(refusal('link')).toMatch(/is not used, because it is a link: remove it/)
    expect(refusal('dangling')).toMatch(/it is a link/)
    expect(refusal('link', constants.O_RDONLY)).toMatch(/it is a link/)
  })

  test('does not block where it is a named pipe', () => {
    expect(spawnSync('mkfifo', [path('pipe')]).status).toBe(0)
    for (const flags of [constants.O_RDONLY, constants.O_WRONLY, APPEND]) {
      expect(refusal('pipe', flags)).toMatch(/it is not a regular file/)
    }
  })

  test('is refused with a second name only where others could have given it that', () => {
    writeFileSync(path('mine'), '')
    linkSync(path('mine'), path('backup'))
    expect(refusal('backup')).toBe('')
    chmodSync(directory(), 0o1777)
    expect(refusal('backup')).toMatch(/it has another name elsewhere/)
  })

  asRoot('is refused where it belongs to another user, but for the owner of the folder', () => {
    writeFileSync(path('theirs'), '')
    chownSync(path('theirs'), STRANGER, STRANGER)
    expect(refusal('theirs')).toMatch(/it belongs to another user/)
    chownSync(directory(), STRANGER, STRANGER)
    expect(refusal('theirs')).toBe('')
  })
})

describe('a file that is written whole', () => {
  test('replaces a link rather than what it leads to, and leaves nothing else behind', async () => {
    writeFileSync(path('secret'), 'mine')
    symlinkSync(path('secret'), path('now.jpg'))
    await writeWholeFile(path('now.jpg'), Buffer.from('picture'))
    expect(await readFile(path('secret'), 'utf8')).toBe('mine')
    expect(await readFile(path('now.jpg'), 'utf8')).toBe('picture')
    expect((await readdir(directory())).toSorted()).toEqual(['now.jpg', 'secret'])
  })

  test('leaves nothing behind where it cannot get its name', async () => {
    await expect(writeWholeFile(path('missing/now.jpg'), Buffer.from('x'))).rejects.toMatchObject({
      code: 'ENOENT',
    })
    expect(await readdir(directory())).toEqual([])
  })
})

describe('a folder', () => {
  test('is safe while nobody else can write to it', async () => {
    expect(await findFolderFlaw(directory())).toBeUndefined()
    expect(await findFolderFlaw(path('missing'))).toBeUndefined()
    for (const mode of [0o770, 0o707, 0o1777]) {
      chmodSync(directory(), mode)
      expect(await findFolderFlaw(directory())).toMatch(/others may write to it/)
    }
  })

  test('in which only owners replace files is safe for a file of ours', async () => {
    const own = { uid: process.getuid?.() ?? 0, mode: 0o600 }
    chmodSync(directory(), 0o1777)
    expect(await findFileFlaw(path('x.key'), own)).toBeUndefined()
    expect(await findFileFlaw(path('x.key'), { ...own, mode: 0o666 })).toMatch(/others may write to it/)
    expect(await findFileFlaw(path('x.key'), { ...own, uid: STRANGER })).toMatch(/another user/)
    chmodSync(directory(), 0o777)
    expect(await findFileFlaw(path('x.key'), own)).toMatch(/others may write to its folder/)
  })

  asRoot('of another user is not', async () => {
    chownSync(directory(), STRANGER, STRANGER)
    expect(await findFolderFlaw(directory())).toMatch(/another user/)
  })
})
