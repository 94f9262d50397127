import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Log, SinkError } from '@zcast/shared'
import { describeSystemError, FileLock } from '@zcast/shared/internal'
import { OWNER_FILE, PREFIX, sweepRings } from './left-rings.ts'

/** Options of {@link RingFolder.make}. */
export interface RingFolderOptions {
  /** In which it is made. Default: the system's folder of temporary files. */
  readonly folder?: string | undefined
  /** Whose ring it is: see `HistoryRingOptions.recording`. Default: that of a page. */
  readonly recording?: string | undefined
  readonly log?: Log | undefined
}

/** A folder of a ring's own, which lasts as long as the process. */
export class RingFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /**
   * Makes it, and removes what killed processes of this user left beside it: see {@link sweepRings}.
   *
   * @throws {@link SinkError} `ERR_SINK` when it cannot be made.
   */
  static async make({
    folder: parent = tmpdir(),
    recording,
    log,
  }: RingFolderOptions = {}): Promise<RingFolder> {
    const kept = await sweepRings(parent, recording)
    if (kept.length > 0)
      log?.warning(
        `the recorder of ${recording} was killed, and what it kept is in ${kept.join(' and ')}: zcast info, play and export read it; after a day its next start removes it`,
        undefined,
        'a recorder was killed',
      )
    try {
      const path = await mkdtemp(join(parent, PREFIX))
      new FileLock(join(path, 'lock')).take()
      await writeFile(join(path, OWNER_FILE), recording ?? '')
      return new RingFolder(path)
    } catch (error) {
      throw new SinkError(
        `cannot make a folder for the history in ${parent}: ${describeSystemError(error)}`,
        {
          cause: error,
        },
      )
    }
  }

  /** Removes it with everything in it. May be called twice. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}
