import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const BYTES = 24 * 1024 * 1024
/** Fewer blocks than ext4 takes by itself, so that its journal goes round. */
const JOURNAL_MIB = 4

/** A disk of its own, in a file, with an ext4 file system: what is in the file is what a loss of power leaves. */
export class DiskImage {
  /** Where it is mounted. */
  readonly folder: string
  readonly #file: string

  private constructor(folder: string, file: string) {
    this.folder = folder
    this.#file = file
  }

  /** @returns Why there is none, where the machine does not allow it. */
  static mount(parent: string): DiskImage | string {
    const [folder, file] = [join(parent, 'disk'), join(parent, 'disk.img')]
    mkdirSync(folder)
    writeFileSync(file, '')
    truncateSync(file, BYTES)
    const made = spawnSync('mkfs.ext4', ['-q', '-F', '-J', `size=${JOURNAL_MIB}`, file])
    if (made.status !== 0) return 'without mkfs.ext4'
    const mounted = spawnSync('mount', ['-o', 'loop', file, folder])
    if (mounted.status !== 0) return 'without the right to mount'
    return new DiskImage(folder, file)
  }

  /** Copies what the disk has at one moment: two readings in a row that are equal, with nothing written meanwhile. */
  async copy(): Promise<Buffer> {
    let before = readFileSync(this.#file)
    for (;;) {
      const now = readFileSync(this.#file)
      if (now.equals(before)) return now
      before = now
      await delay(5)
    }
  }

  /** Repairs a copy as a machine does when it starts again, and takes a file out of it. @returns Whether it could. */
  static takeOut(copy: Buffer, name: string, to: string): boolean {
    const image = `${to}.img`
    writeFileSync(image, copy)
    // 1: errors were corrected, such as by the journal.
    const isRepaired = [0, 1].includes(spawnSync('e2fsck', ['-fy', image]).status ?? -1)
    rmSync(to, { force: true })
    const taken = spawnSync('debugfs', ['-R', `dump /${name} ${to}`, image])
    rmSync(image)
    return isRepaired && taken.status === 0
  }

  remove(): void {
    spawnSync('umount', ['-l', this.folder])
    rmSync(this.#file)
  }
}
