import { type Exchange, HttpRefusal } from '@zcast/web/internal'
import { errorMessage, systemErrorCode } from '@zcast/shared/internal'
import { isCompanion } from '../films/look-at-film.ts'
import type { Guest } from '../people/guest.ts'
import type { RoomContext, RoomPart } from '../room-part.ts'
import { answerUnread } from './answer-unread.ts'
import { CompleteUploads } from './complete-uploads.ts'
import { receiveBody } from './receive-body.ts'
import { RunningUploads } from './running-uploads.ts'
import { safeFileName } from './safe-file-name.ts'
import { readBytes, readFileName, TUS_BODY, TUS_EXTENSIONS, TUS_VERSION } from './tus-headers.ts'
import { UploadArea } from './upload-area.ts'
import { checkQuota } from './upload-quota.ts'

/** Options of {@link Uploads}. */
export interface UploadsOptions {
  /** The folder to which uploads are added; made if need be. */
  readonly folder: string
  /** The most that it may hold, in bytes, with what was there before. Default 20 GiB. */
  readonly maxFolderBytes?: number | undefined
  /** A body that brings less than `leastBytes` in this time, in milliseconds, is cut off. Default 30,000. */
  readonly paceMs?: number | undefined
  /** Default 16 KiB. */
  readonly leastBytes?: number | undefined
  /** An upload that has not grown for this long is removed, in milliseconds. Default 24 h. */
  readonly expireMs?: number | undefined
  /** Calls it once a film has been added. `name` is that of its file in the folder, `by` that of the guest. */
  readonly added?: ((name: string, by: string) => void) | undefined
}

type CompleteOptions = { readonly [Name in keyof UploadsOptions]-?: NonNullable<UploadsOptions[Name]> }

const UPLOADS_PATH = '/uploads/'
const DAY_MS = 24 * 3600 * 1000
const EXPIRE_EVERY_MS = 10 * 60 * 1000
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * Takes films from guests by tus 1.0 (core, creation, termination, expiration), which goes on after a lost connection
 * and after an end of the room. A film is checked by ffmpeg before it gets into the folder, under a name that is free.
 */
export class Uploads implements RoomPart {
  readonly #context: RoomContext
  readonly #options: CompleteOptions
  readonly #area: UploadArea
  readonly #running = new RunningUploads()
  readonly #complete: CompleteUploads
  #opened: Promise<void> = Promise.resolve()
  readonly #expiring: NodeJS.Timeout
  /** Creations wait for each other, so that they cannot exceed the limits together. */
  #creating: Promise<unknown> = Promise.resolve()

  constructor(context: RoomContext, options: UploadsOptions) {
    this.#context = context
    this.#options = {
      folder: options.folder,
      added: options.added ?? ((): void => {}),
      maxFolderBytes: options.maxFolderBytes ?? 20 * 1024 ** 3,
      paceMs: options.paceMs ?? 30_000,
      leastBytes: options.leastBytes ?? 16 * 1024,
      expireMs: options.expireMs ?? DAY_MS,
    }
    this.#area = new UploadArea(options.folder)
    const { folder, added } = this.#options
    this.#complete = new CompleteUploads({ area: this.#area, folder, added, log: context.log })
    this.#expiring = setInterval(() => void this.#expire(), Math.min(EXPIRE_EVERY_MS, this.#options.expireMs))
    this.#expiring.unref()
    context.server.route(UPLOADS_PATH, (exchange) => this.#serve(exchange), {
      below: true,
      methods: ['POST', 'PATCH', 'DELETE', 'OPTIONS'],
      slowBodies: true,
    })
  }

  /**
   * Reads what an earlier room left. Not before the chat is open, whose lock keeps a second room out of the folder. It is
   * not waited for: without uploads it is a room still.
   */
  open(): Promise<void> {
    this.#opened = this.#open()
    this.#opened.catch((error: unknown) => this.#warn('uploads cannot be kept', error))
    return Promise.resolve()
  }

  left(guest: Guest): void {
    this.#running.cut(guest)
  }

  async close(): Promise<void> {
    clearInterval(this.#expiring)
    this.#complete.stop()
    this.#running.cut()
    await this.#running.settled()
    await this.#opened.catch(() => undefined)
    await this.#complete.settled()
  }

  async #open(): Promise<void> {
    await this.#area.open()
    await this.#expire()
    // The room ended between the last byte and the check.
    for (const upload of this.#area.all) {
      if ((await this.#area.offset(upload)) === upload.bytes)
        this.#complete.finish(upload).catch(() => undefined)
    }
  }

  async #serve(exchange: Exchange): Promise<void> {
    const { request, response } = exchange
    response.setHeader('Tus-Resumable', TUS_VERSION)
    try {
      await this.#answer(exchange)
    } catch (error) {
      // The client is gone.
      if (request.socket.destroyed) return
      const { status, reason } = this.#describe(error)
      await answerUnread(exchange, status, reason)
    }
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { request, response, url } = exchange
    if (request.method === 'OPTIONS') {
      response.setHeader('Tus-Version', TUS_VERSION)
      response.setHeader('Tus-Extension', TUS_EXTENSIONS)
      response.setHeader('Tus-Max-Size', this.#context.rules.maxUploadBytes)
      return void response.writeHead(204).end()
    }
    const guest = this.#context.guestOf(request)
    if (!guest) throw new HttpRefusal(403, 'only guests who are in the room may upload: join it first')
    if (request.headers['tus-resumable'] !== TUS_VERSION) {
      response.setHeader('Tus-Version', TUS_VERSION)
      throw new HttpRefusal(412, `uploads are made by tus ${TUS_VERSION} (https://tus.io)`)
    }
    await this.#opened
    const id = url.pathname.slice(UPLOADS_PATH.length)
    if (request.method === 'POST' && id === '') return this.#create(exchange, guest)
    this.#checkOwner(id, guest)
    if (request.method === 'HEAD') return this.#tell(exchange, id)
    if (request.method === 'PATCH') return this.#receive(exchange, id, guest)
    if (request.method === 'DELETE') return this.#remove(exchange, id)
    throw new HttpRefusal(405, 'uploads are made by POST, HEAD, PATCH and DELETE')
  }

  /** Others know nothing of an upload while its guest is here; after that, whoever knows its id goes on with it. */
  #checkOwner(id: string, guest: Guest): void {
    const owner = (this.#area.find(id) ?? this.#complete.find(id))?.owner
    if (owner !== guest.id && this.#context.guests.find(owner)) throw new HttpRefusal(404, NO_SUCH)
  }

  async #create({ request, response }: Exchange, guest: Guest): Promise<void> {
    const bytes = readBytes(request.headers, 'upload-length')
    const name = safeFileName(readFileName(request.headers))
    if (isCompanion(name)) throw new HttpRefusal(415, `"${name}" is no video, by its name: give a video file`)
    const creating = this.#creating.then(async () => {
      const limits = { ...this.#options, maxBytes: this.#context.rules.maxUploadBytes }
      await checkQuota({ name, bytes, owner: guest.id }, this.#area, limits)
      return this.#area.create({ name, bytes, by: guest.name, owner: guest.id })
    })
    this.#creating = creating.catch(() => undefined)
    const upload = await creating
    // Relative to the path, so that it is right behind a proxy too.
    response.setHeader('Location', upload.id)
    response.writeHead(201, { ...this.#expiry(), 'Content-Length': 0 }).end()
  }

  async #tell({ response }: Exchange, id: string): Promise<void> {
    await this.#running.stop(id)
    const upload = this.#area.find(id)
    const offset = upload ? await this.#area.offset(upload) : 0
    if (upload && offset < upload.bytes) {
      const headers = { 'Upload-Offset': offset, 'Upload-Length': upload.bytes, ...this.#expiry() }
      return void response.writeHead(200, headers).end()
    }
    // Its client was cut off before the answer: a client takes the whole length for success.
    if (upload) await this.#complete.finish(upload)
    const outcome = this.#complete.find(id)
    if (!outcome) throw new HttpRefusal(404, NO_SUCH)
    if (outcome.refused !== undefined)
      response.setHeader('zcast-refused', encodeURIComponent(outcome.refused))
    response.writeHead(200, { 'Upload-Offset': outcome.bytes, 'Upload-Length': outcome.bytes }).end()
  }

  async #receive(exchange: Exchange, id: string, guest: Guest): Promise<void> {
    const { request, response } = exchange
    if (request.headers['content-type'] !== TUS_BODY)
      throw new HttpRefusal(415, `a part of a file is ${TUS_BODY}`)
    const offset = readBytes(request.headers, 'upload-offset')
    const refused = await this.#running.run(id, { guest, request }, async () => {
      const upload = this.#area.find(id)
      if (!upload) throw new HttpRefusal(404, NO_SUCH)
      upload.owner = guest.id
      const arrived = await this.#area.offset(upload)
      if (offset !== arrived) throw new HttpRefusal(409, `${arrived} bytes have arrived, not ${offset}`)
      const { paceMs, leastBytes } = this.#options
      const limits = { offset, bytes: upload.bytes, paceMs, leastBytes }
      if ((await receiveBody(request, this.#area.path(upload), limits)) === 'longer') {
        throw new HttpRefusal(413, `"${upload.name}" is longer than the ${upload.bytes} bytes it was to have`)
      }
      const now = await this.#area.offset(upload)
      response.setHeader('Upload-Offset', now)
      return now === upload.bytes ? this.#complete.finish(upload) : undefined
    })
    if (refused !== undefined) throw new HttpRefusal(422, refused)
    response.writeHead(204, this.#expiry()).end()
  }

  async #remove({ response }: Exchange, id: string): Promise<void> {
    await this.#running.stop(id)
    const upload = this.#area.find(id)
    if (!upload) throw new HttpRefusal(404, NO_SUCH)
    await this.#area.remove(upload)
    response.writeHead(204).end()
  }

  async #expire(): Promise<void> {
    await this.#area
      .expire(this.#options.expireMs, ({ id }) => this.#running.has(id))
      .catch((error: unknown) => this.#warn('old uploads cannot be removed', error))
  }

  #expiry(): Record<string, string> {
    return { 'Upload-Expires': new Date(Date.now() + this.#options.expireMs).toUTCString() }
  }

  #describe(error: unknown): { readonly status: number; readonly reason: string } {
    if (error instanceof HttpRefusal) return { status: error.status, reason: error.message }
    if (DISK_FULL.has(systemErrorCode(error) ?? '')) {
      this.#warn('the disk is full, uploads wait until some of it is free', error)
      return { status: 507, reason: 'the disk of the room is full: go on when some of it is free' }
    }
    this.#warn('an upload could not be kept', error)
    return { status: 500, reason: 'the room could not keep this; its log says why' }
  }

  #warn(message: string, error: unknown): void {
    this.#context.log.warning(`${message}: ${errorMessage(error)}`, error, message)
  }
}

const NO_SUCH = 'there is no such upload: it was removed, or has waited for too long'
