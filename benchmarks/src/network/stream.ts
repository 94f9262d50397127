import type { Sample } from '../samples.ts'
import type { Streamer, Watched } from './contenders.ts'
import type { Link } from './link.ts'

/** Lets a contender stream over a network. @param during - Gives the figures, once it has started. */
export async function stream(
  streamer: Streamer,
  link: Link,
  [pictureBytes, seconds]: readonly [number, number],
  during: () => Promise<(watched: Watched) => Sample>,
): Promise<Sample> {
  const publisher = streamer.publish(link, pictureBytes)
  try {
    await publisher.says(/ready/)
    const before = publisher.rssMiB()
    const watcher = streamer.watch(link, seconds)
    const judge = await during()
    const grownMiB = Math.max(0, publisher.rssMiB() - before)
    return { ...judge(await watcher.result<Watched>()), grownMiB }
  } finally {
    await publisher.stop('SIGKILL')
    await link.close()
  }
}
