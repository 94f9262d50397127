import type { Page } from 'playwright-core'
import type * as sharingModule from '../../../web/assets/room/share/sharing.js'

/** What {@link enterToShare} leaves in the page. */
export interface SharePage {
  sharing: sharingModule.Sharing
  states: sharingModule.SharingState[]
  problems: string[]
  told: Record<string, unknown>[]
}

declare const window: SharePage

/** Joins the room that a page has loaded, and makes its sharing, as the room's own page does. */
export async function enterToShare(page: Page, name: string): Promise<void> {
  await page.evaluate(async (own) => {
    const module = new URL('./room/share/sharing.js', document.baseURI).href
    const { Sharing } = (await import(module)) as typeof sharingModule
    const socket = new WebSocket(new URL('./room', document.baseURI).href.replace('http', 'ws'))
    let key = ''
    window.states = []
    window.problems = []
    window.told = []
    window.sharing = new Sharing({
      say: (message) => {
        socket.send(JSON.stringify(message))
        return true
      },
      key: () => key,
      now: () => Date.now() / 1000,
      onChange: (state) => window.states.push(state),
      onProblem: (problem) => window.problems.push(problem),
    })
    await new Promise<void>((resolve) => {
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'join', name: own })))
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as Parameters<sharingModule.Sharing['take']>[0]
        window.told.push(message as unknown as Record<string, unknown>)
        if (message.type === 'welcome') {
          key = message.you.key
          resolve()
        }
        window.sharing.take(message)
      })
    })
  }, name)
}
