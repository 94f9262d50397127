/** Bytes that grow at their end. */
export class GrowingBytes {
  /** The memory; what is behind {@link length} is not used yet. Another one after each growth. */
  bytes: Uint8Array
  view: DataView
  length = 0

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity)
    this.view = new DataView(this.bytes.buffer)
  }

  /** Makes the bytes longer. @returns Where the new ones begin; they hold anything. */
  grow(by: number): number {
    const at = this.length
    this.length = at + by
    if (this.length > this.bytes.byteLength) this.#reserve()
    return at
  }

  /** Adds a copy of other bytes. */
  append(bytes: Uint8Array): void {
    const at = this.grow(bytes.byteLength)
    this.bytes.set(bytes, at)
  }

  #reserve(): void {
    const larger = new Uint8Array(Math.max(this.length, 2 * this.bytes.byteLength))
    larger.set(this.bytes)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}
