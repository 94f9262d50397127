import { connect, type Socket } from 'node:net'
import { Recorder } from '@zcast/testing/waiting/recorder'

/** Another program, which speaks NATS itself: lines of text. */
export class TextClient {
  readonly lines = new Recorder<string>()
  readonly #socket: Socket
  #inboxes = 0

  constructor(port: number, options = {}) {
    this.#socket = connect(port, '127.0.0.1')
    let rest = ''
    this.#socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === 'PING') this.say('PONG')
        this.lines.add(line)
      }
    })
    this.say(`CONNECT ${JSON.stringify({ verbose: false, headers: true, ...options })}`)
  }

  say(line: string): void {
    this.#socket.write(`${line}\r\n`)
  }

  /** @param headers - Lines of headers, as `Zc-Part: 1/2`. Default none. */
  publish(subject: string, body: Uint8Array, headers: readonly string[] = []): void {
    const block = headers.length === 0 ? '' : ['NATS/1.0', ...headers, '', ''].join('\r\n')
    const sizes = `${block === '' ? '' : `${Buffer.byteLength(block)} `}${Buffer.byteLength(block) + body.byteLength}`
    const verb = block === '' ? 'PUB' : 'HPUB'
    this.#socket.write(
      Buffer.concat([Buffer.from(`${verb} ${subject} ${sizes}\r\n${block}`), body, Buffer.from('\r\n')]),
    )
  }

  /** Asks, and waits for an answer with some text in it. */
  async request(subject: string, body: string, answer: string): Promise<void> {
    const inbox = `_INBOX.${(this.#inboxes += 1)}`
    this.say(`SUB ${inbox} ${this.#inboxes}`)
    this.say(`PUB ${subject} ${inbox} ${Buffer.byteLength(body)}\r\n${body}`)
    await this.lines.until((lines) => lines.some((line) => line.includes(answer)))
  }

  async close(): Promise<void> {
    this.#socket.destroy()
  }
}
