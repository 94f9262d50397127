import type { Peers } from '../peers.ts'
import { compare, type Outcome, type Sample } from '../samples.ts'
import { streamers, type Streamer, type Watched } from './contenders.ts'
import { type Link, type LinkSpeed, openLink } from './link.ts'

/** What every contender does, over a network of its own. */
export interface Stream {
  readonly speed: LinkSpeed
  readonly pictureBytes: number
  /** For how long it is watched. */
  readonly seconds: number
  readonly rounds: number
  /** Gives the figures, once it has started. */
  readonly during: (link: Link) => Promise<(watched: Watched) => Sample>
}

/** Lets all contenders stream. @returns The outcomes, and how the networks were made. */
export async function streamAll(
  peers: Peers,
  { speed, rounds, ...options }: Stream,
): Promise<{ readonly outcomes: Outcome[]; readonly kind: string }> {
  let kind = ''
  const outcomes = await compare(
    streamers(peers).map((streamer) => ({
      name: streamer.name,
      missing: streamer.missing,
      run: async () => {
        const link = await openLink(speed)
        kind = link.kind
        return stream(streamer, link, options)
      },
    })),
    rounds,
  )
  return { outcomes, kind }
}

async function stream(
  streamer: Streamer,
  link: Link,
  { pictureBytes, seconds, during }: Pick<Stream, 'pictureBytes' | 'seconds' | 'during'>,
): Promise<Sample> {
  const publisher = streamer.publish(link, pictureBytes)
  try {
    await publisher.says(/ready/)
    const before = publisher.rssMiB()
    const watcher = streamer.watch(link, seconds)
    const judge = await during(link)
    const grownMiB = Math.max(0, publisher.rssMiB() - before)
    return { ...judge(await watcher.result<Watched>()), grownMiB }
  } finally {
    await publisher.stop('SIGKILL')
    await link.close()
  }
}
