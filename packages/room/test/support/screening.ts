import { join } from 'node:path'
import { utimes } from 'node:fs/promises'
import { afterEach } from '@jest/globals'
import type { Envelope, Frame, SoundBlock } from '@zcast/shared'
import { ClipCache } from '@zcast/publisher/video'
import { type Film, Room, type RoomOptions, type Screen } from '@zcast/room'
import { Subscriber } from '@zcast/subscribers'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { Visit } from './visit.ts'

/** What came of the streams of a room. */
export class Watcher {
  readonly pictures: Frame[] = []
  readonly sound: SoundBlock[] = []
  readonly subscriber: Subscriber
  #wake: () => void = () => undefined

  constructor(subscriber: Subscriber) {
    this.subscriber = subscriber
    void this.#read()
  }

  /** Waits until something that came satisfies a condition. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  /** The first picture that comes from now on and satisfies a condition. */
  async next(isSo: (frame: Frame) => boolean = () => true): Promise<Frame> {
    const from = this.pictures.length
    let found: Frame | undefined
    await this.until(() => (found = this.pictures.slice(from).find(isSo)) !== undefined)
    return found as Frame
  }

  async #read(): Promise<void> {
    for await (const { block } of this.subscriber as AsyncIterable<Envelope>) {
      if (block.kind === 'video') this.pictures.push(block)
      if (block.kind === 'audio') this.sound.push(block)
      this.#wake()
    }
  }
}

/** A room with films, its guests and its watchers, closed after each test. */
export class Screening {
  readonly folder = useTemporaryFolder()
  readonly log = new RecordingLog()
  readonly #open: { close(): unknown }[] = []

  constructor() {
    afterEach(async () => {
      for (const thing of this.#open.splice(0).toReversed()) await thing.close()
    })
  }

  /** The path of a file in the folder of films. */
  path(name: string): string {
    return join(this.folder(), name)
  }

  /** Opens a room whose films are those of the test's folder. */
  async room(options: Partial<RoomOptions> = {}): Promise<Room> {
    const own = { folder: join(this.folder(), '.room'), films: this.folder(), log: this.log }
    const cache = new ClipCache({ directory: join(this.folder(), '.cache') })
    const room = await Room.open({ port: 0, bind: 'tcp://127.0.0.1:*', cache, ...own, ...options })
    this.#open.push(room)
    return room
  }

  /** Joins a room. */
  async guest(room: Room, name = 'ann'): Promise<Visit> {
    const visit = await Visit.join(room.address, name)
    this.#open.push(visit)
    return visit
  }

  /** Watches and hears what is on air, as any program does. */
  async watcher(room: Room, topics: readonly string[] = ['video/main', 'audio/main']): Promise<Watcher> {
    const subscriber = await Subscriber.open({ connect: room.endpoints, topics, delivery: 'all' })
    this.#open.push(subscriber)
    return new Watcher(subscriber)
  }
}

/** Makes a file look as if nobody had written to it for a while. */
export async function settle(path: string): Promise<string> {
  const before = Date.now() / 1000 - 60
  await utimes(path, before, before)
  return path
}

/** The films, once they satisfy a condition: those of the welcome, or those told later. */
export async function filmsOf(
  guest: Visit,
  isSo: (films: readonly Film[]) => boolean,
): Promise<readonly Film[]> {
  for (;;) {
    const message = await guest.next(({ type }) => type === 'welcome' || type === 'films')
    const films = message['films'] as readonly Film[]
    if (isSo(films)) return films
  }
}

/** The film of a name, once the room has it. */
export async function filmOf(guest: Visit, name: string): Promise<Film> {
  const isIt = (film: Film): boolean => film.name === name
  const film = (await filmsOf(guest, (films) => films.some(isIt))).find(isIt)
  if (!film) throw new Error('there is none')
  return film
}

/** What is told of the screen next that satisfies a condition. */
export async function screenOf(guest: Visit, isSo: (screen: Screen) => boolean): Promise<Screen> {
  const { screen } = await guest.until('screen', (message) => isSo(message['screen'] as Screen))
  return screen as Screen
}
