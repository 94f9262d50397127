import { describe, expect, test } from '@jest/globals'
import { matroskaHead, matroskaPictureHead } from '../../../src/out/matroska-writer.ts'

interface Element {
  readonly id: string
  readonly content: Buffer
}

/** Splits EBML into its elements; an unknown size reaches to the end. */
function elements(bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length;) {
    const idLength = Math.clz32(bytes[at] ?? 0) - 23
    const id = bytes.toString('hex', at, at + idLength)
    at += idLength
    const sizeLength = Math.clz32(bytes[at] ?? 0) - 23
    const digits = bytes.toString('hex', at, at + sizeLength)
    const value = BigInt(`0x${digits}`) - (1n << BigInt(sizeLength * 7))
    const isUnknown = value === (1n << BigInt(sizeLength * 7)) - 1n
    at += sizeLength
    const end = isUnknown ? bytes.length : at + Number(value)
    found.push({ id, content: bytes.subarray(at, end) })
    at = end
  }
  return found
}

function child(parent: Element | undefined, id: string): Element {
  const found = parent && elements(parent.content).find((element) => element.id === id)
  if (!found) throw new Error(`${parent?.id} holds no ${id}`)
  return found
}

describe('a Matroska stream', () => {
  test('begins with its type, milliseconds, and a track of MJPEG of a size', () => {
    const [head, segment, ...others] = elements(matroskaHead({ width: 1920, height: 1080 }))
    expect(others).toEqual([])
    expect(child(head, '4282').content.toString()).toBe('matroska')
    expect(child(child(segment, '1549a966'), '2ad7b1').content.readUIntBE(0, 3)).toBe(1_000_000)
    const track = child(child(segment, '1654ae6b'), 'ae')
    expect(child(track, '86').content.toString()).toBe('V_MJPEG')
    expect(child(child(track, 'e0'), 'b0').content.readUInt16BE()).toBe(1920)
    expect(child(child(track, 'e0'), 'ba').content.readUInt16BE()).toBe(1080)
  })

  test.each([0, 1, 255, 256, 86_400_000, 2 ** 40])(
    'has a picture at %d ms, complete in a cluster of its own',
    (timeMs) => {
      const picture = Buffer.alloc(70_000, 0xa5)
      const [cluster, ...others] = elements(
        Buffer.concat([matroskaPictureHead(timeMs, picture.length), picture]),
      )
      expect(others).toEqual([])
      expect(cluster?.id).toBe('1f43b675')
      expect(Number(`0x${child(cluster, 'e7').content.toString('hex')}`)).toBe(timeMs)
      const block = child(cluster, 'a3').content
      // Track 1, the cluster's own time, a key frame.
      expect(block.toString('hex', 0, 4)).toBe('81000080')
      expect(block.subarray(4).equals(picture)).toBe(true)
    },
  )
})
