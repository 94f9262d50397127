import { get, type IncomingMessage } from 'node:http'

/** One part of a `multipart/x-mixed-replace` answer. */
export interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Reads the parts of an MJPEG stream as they become complete; ends the connection when left. */
export async function* readParts(url: string, headers: Record<string, string> = {}): AsyncGenerator<Part> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers, agent: false }, resolve).on('error', reject)
  })
  const boundary = /boundary=(\S+)/.exec(response.headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) throw new Error(`no boundary, status ${response.statusCode}`)
  const delimiter = Buffer.from(`\r\n--${boundary}\r\n`)
  // The first delimiter has nothing before it.
  let rest = Buffer.from('\r\n')
  let begun = false
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk])
      for (let at = rest.indexOf(delimiter); at >= 0; at = rest.indexOf(delimiter)) {
        if (begun) yield parsePart(rest.subarray(0, at))
        begun = true
        rest = rest.subarray(at + delimiter.length)
      }
    }
  } finally {
    response.destroy()
  }
}

function parsePart(bytes: Buffer): Part {
  const end = bytes.indexOf('\r\n\r\n')
  const lines = bytes.subarray(0, end).toString().split('\r\n')
  const headers = lines.map((line) => line.split(': ', 2) as [string, string])
  return {
    headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: bytes.subarray(end + 4),
  }
}
