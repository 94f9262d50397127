/// <reference lib="dom" />
import { describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { expectAccessible } from '../../../../web/test/support/audit.ts'
import { useBrowser } from '../../../../web/test/support/browser.ts'
import { enterRoom } from '../../support/enter-room.ts'
import { paintStill } from '../../support/film-still.ts'
import { useScriptedRooms } from '../../support/scripted-rooms.ts'
import { useMovieNight } from '../../support/use-movie-night.ts'

const browser = useBrowser()
const openRoom = useScriptedRooms()
const openNight = useMovieNight()

/** A test that needs the browser; `bring` brings the page into the state that is looked at. */
function testAccessible(title: string, bring: () => Promise<Page>): void {
  test(title, async () => {
    if (browser.isHere) await expectAccessible(await bring())
  })
}

describe('axe finds nothing to complain of on the page of the room', () => {
  testAccessible('that asks for a name', async () => {
    const { address } = await openRoom()
    const page = await browser.open(address)
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    return page
  })

  testAccessible('that lets somebody not in', async () => {
    const room = await openRoom()
    room.refuses.set('join', 'the room is full: 200 people are here')
    const page = await browser.open(room.address)
    await page.getByRole('textbox', { name: 'Name' }).fill('ann')
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('alert').filter({ hasText: 'the room is full' }).waitFor()
    return page
  })

  testAccessible('with nothing on air, no films and no messages', async () => {
    const page = await enterRoom(browser, (await openRoom()).address)
    await page.getByText('Nothing on air yet').waitFor()
    return page
  })

  testAccessible('in the middle of a film, with films, cameras, somebody who speaks and a chat', async () => {
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    night.show(await paintStill(200, 320))
    night.tell({ type: 'typing', names: ['ben', 'cleo'] })
    await page.locator('#picture[data-seq]').waitFor()
    return page
  })

  testAccessible('with the people and the rules for them', async () => {
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    await page.getByRole('tab', { name: /People/ }).click()
    await page.getByRole('button', { name: 'Actions: ben' }).click()
    await page.getByRole('menuitem', { name: 'Ban ben…' }).waitFor()
    return page
  })

  testAccessible('that asks before somebody is banned', async () => {
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    await page.getByRole('tab', { name: /People/ }).click()
    await page.getByRole('button', { name: 'Actions: ben' }).click()
    await page.getByRole('menuitem', { name: 'Ban ben…' }).click()
    await page.getByRole('dialog').waitFor()
    return page
  })

  testAccessible('whose film cannot go on', async () => {
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    night.put({ problem: 'its file has been removed: choose another film' })
    await page.getByText('its file has been removed').waitFor()
    return page
  })

  testAccessible('for guests who may not choose', async () => {
    const rules = {
      hostsOnly: true,
      echoDelaySeconds: 10,
      maxVoiceSeconds: 60,
      maxCharacters: 500,
      slowSeconds: 0,
      maxUploadBytes: 1000,
      isPublic: true,
    }
    const film = {
      id: 'a',
      name: 'A film',
      seconds: 90,
      bytes: 9e6,
      width: 640,
      height: 360,
      hasSound: false,
    }
    const page = await enterRoom(browser, (await openRoom({ rules, films: [film], isHost: false })).address)
    await page.getByText('A host chooses what comes.').waitFor()
    expect(await page.getByRole('button', { name: 'Put on air' }).isDisabled()).toBe(true)
    return page
  })

  testAccessible('whose connection was lost', async () => {
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    await night.close()
    await page.getByText('Connection lost').waitFor()
    return page
  })

  testAccessible('that refused what was said, and what was asked for', async () => {
    const night = await openNight()
    const page = await enterRoom(browser, night.address)
    night.refuses.set('say', 'a host has muted you: write again in 5 minutes')
    night.refuses.set('pause', 'only hosts decide what is on air')
    await page.getByRole('textbox', { name: 'Message' }).fill('hello')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'muted' }).waitFor()
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await page.getByText('Only hosts decide what is on air.').waitFor()
    return page
  })

  testAccessible('that somebody had to leave', async () => {
    const room = await openRoom()
    const page = await enterRoom(browser, room.address)
    room.tell({ type: 'goodbye', reason: 'a host has banned you from this room' })
    await page.getByText('A host has banned you from this room.').waitFor()
    return page
  })
})
