import { describe, expect, test } from '@jest/globals'
import type { Room } from '@zcast/room'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { useRooms } from '../support/use-rooms.ts'
import { Visit } from '../support/visit.ts'

const { closeAfter, folder, join: joinAt, open: openRoom } = useRooms()

const join = (room: Room, name: string, more: object = {}, address = room.address): Promise<Visit> =>
  joinAt(address, name, more)

describe('a room', () => {
  test('tells who is here when somebody comes and goes', async () => {
    const room = await openRoom()
    const ann = await join(room, 'ann')
    expect(await ann.until('welcome')).toMatchObject({ room: 'main', you: { name: 'ann' }, guests: [] })
    expect(await ann.until('guests')).toMatchObject({ guests: [{ name: 'ann' }] })
    const ben = await join(room, '  ben\u202e ')
    expect(await ben.until('welcome')).toMatchObject({ guests: [{ name: 'ann' }] })
    expect(await ann.until('guests')).toMatchObject({ guests: [{ name: 'ann' }, { name: 'ben' }] })
    ben.close()
    expect(await ann.until('guests')).toMatchObject({ guests: [{ name: 'ann' }] })
  })

  test('refuses what it does not know, and lets nobody in without a name', async () => {
    const room = await openRoom()
    const ann = await join(room, 'ann')
    ann.say({ type: 'fly' })
    expect(await ann.until('refused')).toMatchObject({ about: 'fly', code: 'ERR_MESSAGE' })
    for (const name of [' \n ', 'x'.repeat(41), 'y'.repeat(4000)]) {
      const nobody = await join(room, name)
      expect(await nobody.until('refused')).toMatchObject({ about: 'join', code: 'ERR_NAME' })
      await nobody.ended
    }
  })

  test('gives nobody a name that somebody else has, or had a moment ago', async () => {
    const room = await openRoom()
    const ann = await join(room, 'Ann')
    const { you } = (await ann.until('welcome')) as { you: { id: string; key: string } }
    ann.close()
    const other = await join(room, 'ann', { key: 'A'.repeat(22) })
    expect(await other.until('welcome')).toMatchObject({ you: { name: 'ann 2' } })
    const back = await join(room, 'Ann', { key: you.key })
    expect(await back.until('welcome')).toMatchObject({ you: { name: 'Ann', id: you.id } })
  })

  test('takes a page that comes back in the place of its old connection', async () => {
    const room = await openRoom()
    const ann = await join(room, 'ann')
    const { you } = (await ann.until('welcome')) as { you: { key: string } }
    const again = await join(room, 'ann', { key: you.key })
    expect(await ann.until('goodbye')).toMatchObject({ reason: expect.stringContaining('another window') })
    await ann.ended
    await again.until('guests', ({ guests }) => (guests as unknown[]).length === 1)
  })

  test('makes a host only of who has the token of hosts', async () => {
    const [token, hostToken] = ['guests-guests-guests', 'hosts-hosts-hosts-hosts']
    const room = await openRoom({ token, hostToken })
    const [ann, ben] = await Promise.all([
      join(room, 'ann', {}, `${room.address}?token=${hostToken}`),
      join(room, 'ben', {}, `${room.address}?token=${token}`),
    ])
    expect(await ann.until('welcome')).toMatchObject({ you: { isHost: true } })
    expect(await ben.until('welcome')).toMatchObject({ you: { isHost: false } })
    const stranger = new Visit(`${room.address}?token=somebody-else-entirely`)
    closeAfter(stranger)
    expect(String(await stranger.ended)).toContain('401')
  })

  test('without an invitation, takes a wrong token for a guess, not for a guest', async () => {
    const hostToken = 'hosts-hosts-hosts-hosts'
    const room = await openRoom({ hostToken })
    const ben = await join(room, 'ben')
    expect(await ben.until('welcome')).toMatchObject({ you: { isHost: false } })
    const guesser = new Visit(`${room.address}?token=hosts-hosts-hosts-hostz`)
    closeAfter(guesser)
    expect(String(await guesser.ended)).toContain('401')
  })

  test('takes its ports only when its options are right', async () => {
    const bind = `ipc://${folder()}/topics.ipc`
    for (const wrong of [{ echoDelaySeconds: 601 }, { maxWidth: 1 }, { echo: { port: 0, rate: 1 } }])
      await expect(openRoom({ ...wrong, bind })).rejects.toMatchObject({ code: 'ERR_OPTION' })
    await openRoom({ bind })
  })

  test('opens with the rights of a host by a code, once', async () => {
    const room = await openRoom({ hostToken: 'hosts-hosts-hosts-hosts' })
    const code = room.oneTimeAddress(true)
    const opened = await fetch(code, {
      redirect: 'manual',
      headers: { accept: 'text/html', 'sec-fetch-site': 'none' },
    })
    expect(opened.status).toBe(303)
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
    const ann = new Visit(room.address, { cookie })
    closeAfter(ann)
    ann.socket.once('open', () => ann.say({ type: 'join', name: 'ann' }))
    expect(await ann.until('welcome')).toMatchObject({ you: { isHost: true } })
    expect((await fetch(code, { redirect: 'manual' })).status).toBe(401)
  })

  test('survives 120 who join at once, and says to those it cannot take yet that they may come again', async () => {
    const room = await openRoom()
    const ann = await join(room, 'ann')
    const many = await Promise.all(Array.from({ length: 120 }, (_, index) => join(room, `guest ${index}`)))
    const answers = await Promise.all(
      many.map((visit) => Promise.race([visit.until('welcome'), visit.until('refused')])),
    )
    const refused = answers.filter(({ type }) => type === 'refused')
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(99)
    for (const refusal of refused) expect(refusal).toMatchObject({ code: 'ERR_BUSY' })
    ann.say({ type: 'fly' })
    await ann.until('refused')
  })
  test('cuts off a guest who sends messages without end, and nobody else', async () => {
    const log = new RecordingLog()
    const room = await openRoom({ log })
    const [ann, rude] = [await join(room, 'ann'), await join(room, 'rude')]
    for (let count = 0; count < 10_000; count++) rude.say({ type: 'clock', asked: count })
    await rude.ended
    expect(await log.first(1)).toEqual(['a guest who sent messages without end was cut off'])
    ann.say({ type: 'clock', asked: 1 })
    await ann.until('clock')
  })
})
