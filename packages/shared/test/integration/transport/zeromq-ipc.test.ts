import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ZeromqTransport } from '../../../src/transport/zeromq-transport.ts'
import { Opener } from '@zcast/testing/streams/opened'

const open = new Opener(() => new ZeromqTransport())
const servers: Server[] = []
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zcast-ipc-'))
})

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (name: string): string => `ipc://${join(folder, name)}`

/** Leaves the file of a socket that nobody listens on any more, as a program does that was killed. */
async function leaveDeadSocket(name: string): Promise<void> {
  const server = createServer().listen(join(folder, 'alive'))
  await once(server, 'listening')
  // Node.js removes the file that it made, by its name.
  renameSync(join(folder, 'alive'), join(folder, name))
  server.close()
  await once(server, 'close')
}

async function listen(path: string): Promise<void> {
  const server = createServer((socket) => socket.destroy()).listen(path)
  servers.push(server)
  await once(server, 'listening')
}

const OPENINGS = {
  publisher: (endpoint: string) => open.publish({ bind: [endpoint] }),
  subscriber: (endpoint: string) => open.subscribe({ bind: [endpoint] }),
}

describe.each(Object.entries(OPENINGS))('a %s that listens at a path', (_, listenAt) => {
  test('leaves a file there alone and says that it is one', async () => {
    writeFileSync(join(folder, 'notes'), 'mine')
    await expect(listenAt(at('notes'))).rejects.toMatchObject({
      code: 'ERR_ADDRESS_UNAVAILABLE',
      endpoint: at('notes'),
      message: expect.stringMatching(/notes is a file, which is not replaced; choose another path$/),
    })
    expect(readFileSync(join(folder, 'notes'), 'utf8')).toBe('mine')
  })

  test('leaves links and named pipes alone, wherever a link leads', async () => {
    writeFileSync(join(folder, 'notes'), 'mine')
    await leaveDeadSocket('dead')
    for (const target of ['notes', 'nowhere', 'dead', 'itself']) {
      const name = target === 'itself' ? target : `to-${target}`
      symlinkSync(join(folder, target), join(folder, name))
      await expect(listenAt(at(name))).rejects.toThrow(/ is a link, which is not replaced/)
    }
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0)
    await expect(listenAt(at('pipe'))).rejects.toThrow(/pipe is a named pipe, which is not replaced/)
    expect(readdirSync(folder).toSorted()).toEqual(
      ['dead', 'itself', 'notes', 'pipe', 'to-dead', 'to-notes', 'to-nowhere'].toSorted(),
    )
  })

  test('says of a folder that it is one, and of a missing folder that it is missing', async () => {
    mkdirSync(join(folder, 'sub'))
    await expect(listenAt(at('sub'))).rejects.toThrow(
      /sub is a folder; name a file in it, such as .*sub\/zcast\.sock/,
    )
    await expect(listenAt(at('missing/socket'))).rejects.toThrow(/there is no folder .*missing; create it/)
    writeFileSync(join(folder, 'notes'), 'mine')
    await expect(listenAt(at('notes/socket'))).rejects.toThrow(/notes is not a folder/)
  })

  test('does not take the place of one that is alive, also behind a link', async () => {
    const alive = await open.publish({ bind: [at('socket')] })
    symlinkSync(join(folder, 'socket'), join(folder, 'link'))
    for (const name of ['socket', 'link']) {
      await expect(listenAt(at(name))).rejects.toMatchObject({
        code: 'ERR_ADDRESS_IN_USE',
        endpoint: at(name),
      })
    }
    const subscriber = await open.subscribe({ connect: [at('socket')] }, ['a'])
    await alive.subscriptions.last('+a')
    await alive.send('a', 'still here')
    expect(await subscriber.messages.count(1)).toEqual(['a still here'])
  })

  test('does not take the place of a program that is not ours', async () => {
    await listen(join(folder, 'theirs'))
    await expect(listenAt(at('theirs'))).rejects.toMatchObject({ code: 'ERR_ADDRESS_IN_USE' })
    expect(lstatSync(join(folder, 'theirs')).isSocket()).toBe(true)
  })

  test('takes over a socket that is dead, and removes the file at its end', async () => {
    await leaveDeadSocket('socket')
    const { socket } = await listenAt(at('socket'))
    expect(socket.endpoints).toEqual([at('socket')])
    await socket.close()
    expect(readdirSync(folder)).toEqual([])
  })

  test('leaves what has taken the place of its file', async () => {
    const { socket } = await listenAt(at('socket'))
    rmSync(join(folder, 'socket'))
    await listen(join(folder, 'socket'))
    await socket.close()
    expect(lstatSync(join(folder, 'socket')).isSocket()).toBe(true)
  })

  test('may have blanks in its path', async () => {
    mkdirSync(join(folder, 'my folder'))
    await listenAt(at('my folder/socket'))
    expect(existsSync(join(folder, 'my folder', 'socket'))).toBe(true)
  })
})

test.each([true, false])(
  'of two that begin at once, one has the path (a dead socket there: %p)',
  async (isDead) => {
    if (isDead) await leaveDeadSocket('socket')
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => open.publish({ bind: [at('socket')] })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1)
  },
)

test('a dead socket of another user stays', async () => {
  if (process.getuid?.() !== 0)
    return console.log('not tested as another user: only root can make such a file')
  await leaveDeadSocket('socket')
  expect(spawnSync('chown', ['65534', join(folder, 'socket')]).status).toBe(0)
  await expect(open.publish({ bind: [at('socket')] })).rejects.toThrow(
    /belongs to another user; choose another path/,
  )
  expect(existsSync(join(folder, 'socket'))).toBe(true)
})

test('nobody connects to what is no socket', async () => {
  writeFileSync(join(folder, 'notes'), 'mine')
  for (const [name, kind] of [
    ['notes', 'a file'],
    ['.', 'a folder'],
  ] as const) {
    await expect(open.subscribe({ connect: [at(name)] })).rejects.toThrow(
      new RegExp(`cannot connect to .* is ${kind}, not a socket; check the path`),
    )
  }
})

const testOnLinux = process.platform === 'linux' ? test : test.skip

testOnLinux(
  'a name without a file is taken by one at a time, and never removes a file of that name',
  async () => {
    const name = `@zcast-${process.pid}`
    const publisher = await open.publish({ bind: [`ipc://${name}`] })
    await expect(open.publish({ bind: [`ipc://${name}`] })).rejects.toMatchObject({
      code: 'ERR_ADDRESS_IN_USE',
    })
    const subscriber = await open.subscribe({ connect: [`ipc://${name}`] }, ['a'])
    await publisher.subscriptions.last('+a')
    await publisher.send('a', 'x')
    expect(await subscriber.messages.count(1)).toEqual(['a x'])
    const before = process.cwd()
    process.chdir(folder)
    try {
      writeFileSync('@notes', 'mine')
      await expect(open.publish({ bind: ['ipc://@notes'] })).rejects.toThrow(
        /@notes is a file, which is not replaced/,
      )
      expect(readFileSync('@notes', 'utf8')).toBe('mine')
    } finally {
      process.chdir(before)
    }
  },
)
