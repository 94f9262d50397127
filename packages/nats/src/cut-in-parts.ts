/** The least that a part holds, whatever a server says that it takes. */
const MIN_ROOM = 1024

/** Cuts a body into parts that fit; one part for an empty one. */
export function cutInParts(body: Uint8Array, room: number): readonly Uint8Array[] {
  const size = Math.max(room, MIN_ROOM)
  if (body.byteLength <= size) return [body]
  return Array.from({ length: Math.ceil(body.byteLength / size) }, (_, index) =>
    body.subarray(index * size, (index + 1) * size),
  )
}
