import { statfs } from 'node:fs/promises'
import { HttpRefusal } from '@zcast/web/internal'
import { folderBytes } from './folder-bytes.ts'
import { AREA_NAME, type UploadArea } from './upload-area.ts'

/** Uploads that have begun and are not complete: of all guests, and of one. */
const MAX_UNFINISHED = 64
const MAX_UNFINISHED_OF_ONE = 8
const GIB = 1024 ** 3

/** An upload that is asked for. */
export interface WantedUpload {
  readonly name: string
  readonly bytes: number
  readonly owner: string
}

/**
 * Refuses an upload that would be too large, or for which there is no room: unfinished ones count with the size that
 * they will have.
 *
 * @throws {@link HttpRefusal} 413, 429 or 507.
 */
export async function checkQuota(
  { name, bytes, owner }: WantedUpload,
  area: UploadArea,
  limits: { readonly folder: string; readonly maxBytes: number; readonly maxFolderBytes: number },
): Promise<void> {
  if (bytes === 0) throw new HttpRefusal(400, `"${name}" is empty`)
  if (bytes > limits.maxBytes) {
    throw new HttpRefusal(413, `"${name}" is too large: a file may have ${formatSize(limits.maxBytes)}`)
  }
  const own = area.all.filter((upload) => upload.owner === owner)
  if (own.length >= MAX_UNFINISHED_OF_ONE || area.all.length >= MAX_UNFINISHED) {
    throw new HttpRefusal(429, `too many uploads have begun: "${name}" has to wait until others are complete`)
  }
  let promised = 0
  let missing = bytes
  for (const upload of area.all) {
    promised += upload.bytes
    missing += upload.bytes - (await area.offset(upload).catch(() => 0))
  }
  const used = await folderBytes(limits.folder, AREA_NAME)
  if (used + promised + bytes > limits.maxFolderBytes) {
    throw new HttpRefusal(
      507,
      `there is no room for "${name}": all uploads together may have ${formatSize(limits.maxFolderBytes)}, remove some first`,
    )
  }
  const disk = await statfs(limits.folder)
  if (missing > disk.bavail * disk.bsize) {
    throw new HttpRefusal(507, `there is no room for "${name}" on the disk of the room: free some first`)
  }
}

function formatSize(bytes: number): string {
  return bytes >= GIB ? `${Number((bytes / GIB).toFixed(1))} GiB` : `${Math.ceil(bytes / 1024 ** 2)} MiB`
}
