const CAPTURE = Buffer.from('OggS')
const HEAD_BYTES = 27
const FULL_SEGMENT = 255

/** Takes packets out of an Ogg stream, as ffmpeg writes it: one logical stream, nothing damaged. */
export class OggPackets {
  #rest: Buffer = Buffer.alloc(0)
  /** The begin of a packet that goes on in the next page. */
  #begun: Buffer[] = []

  /** @returns The packets that are complete now. @throws {@link Error} when it is no Ogg stream. */
  push(chunk: Uint8Array): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const packets: Buffer[] = []
    while (this.#rest.length >= HEAD_BYTES) {
      if (!this.#rest.subarray(0, 4).equals(CAPTURE)) throw new Error('this is no Ogg stream')
      const segments = this.#rest.readUInt8(26)
      const table = this.#rest.subarray(HEAD_BYTES, HEAD_BYTES + segments)
      const bodyBytes = table.reduce((sum, length) => sum + length, 0)
      const end = HEAD_BYTES + segments + bodyBytes
      if (table.length < segments || this.#rest.length < end) break
      this.#readPage(table, this.#rest.subarray(HEAD_BYTES + segments, end), packets)
      this.#rest = this.#rest.subarray(end)
    }
    return packets
  }

  #readPage(table: Buffer, body: Buffer, packets: Buffer[]): void {
    let at = 0
    for (const length of table) {
      this.#begun.push(Buffer.from(body.subarray(at, at + length)))
      at += length
      if (length === FULL_SEGMENT) continue
      packets.push(Buffer.concat(this.#begun))
      this.#begun = []
    }
  }
}
