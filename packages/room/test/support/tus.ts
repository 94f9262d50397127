import { once } from 'node:events'
import { request as sendRequest, type ClientRequest, type IncomingMessage } from 'node:http'

/** An answer to a request of tus. */
export interface TusAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** A part of a file, and where it begins. */
export interface TusBody {
  readonly offset: number
  readonly bytes: Uint8Array
}

/** Requests of tus, written by hand. */
export class TusClient {
  readonly #address: string
  readonly #key: string

  /** @param key - The guest's. */
  constructor(address: string, key: string) {
    this.#address = `${address}/uploads/`
    this.#key = key
  }

  /** Begins an upload. */
  create(name: string, bytes: number | string): Promise<TusAnswer> {
    const metadata = `filename ${Buffer.from(name).toString('base64')},filetype dmlkZW8=`
    return this.ask('POST', '', { 'Upload-Length': String(bytes), 'Upload-Metadata': metadata })
  }

  /** Begins an upload that must be taken. @returns Its id. */
  async begin(name: string, bytes: number): Promise<string> {
    const { status, headers, text } = await this.create(name, bytes)
    if (status !== 201) throw new Error(`${status} ${text}`)
    return String(headers.location)
  }

  /** How much has arrived. */
  async offset(id: string): Promise<number> {
    return Number((await this.ask('HEAD', id)).headers['upload-offset'])
  }

  /** Sends the rest of a file. */
  patch(id: string, { offset, bytes }: TusBody): Promise<TusAnswer> {
    return this.ask('PATCH', id, patchHeaders(offset, bytes.byteLength), bytes)
  }

  /** Sends some of a body and then nothing more; the caller ends it. */
  async part(id: string, { offset, bytes }: TusBody, announced: number): Promise<ClientRequest> {
    const request = this.#open('PATCH', id, patchHeaders(offset, announced))
    request.on('error', () => {})
    await new Promise<void>((resolve) => request.write(bytes, () => resolve()))
    return request
  }

  /** Sends one request and reads its answer. */
  async ask(
    method: string,
    id: string,
    headers: Readonly<Record<string, string>> = {},
    body?: Uint8Array,
  ): Promise<TusAnswer> {
    const request = this.#open(method, id, headers)
    request.end(body)
    return readAnswer(request)
  }

  #open(method: string, id: string, headers: Readonly<Record<string, string>>): ClientRequest {
    const own = { 'Tus-Resumable': '1.0.0', 'zcast-guest': this.#key }
    return sendRequest(`${this.#address}${id}`, { method, headers: { ...own, ...headers }, agent: false })
  }
}

/** Waits for the answer to a request. */
export async function readAnswer(request: ClientRequest): Promise<TusAnswer> {
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  // What is left of a body may fail to be sent, after the answer.
  request.on('error', () => {})
  response.setEncoding('utf8')
  let text = ''
  for await (const piece of response) text += piece
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

function patchHeaders(offset: number, bytes: number): Record<string, string> {
  return {
    'Content-Type': 'application/offset+octet-stream',
    'Content-Length': String(bytes),
    'Upload-Offset': String(offset),
  }
}
