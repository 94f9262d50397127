import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Demand, type Frame } from '@zcast/shared'
import sharp from 'sharp'
import { TrustedCertificates } from '../../../../src/sources/live/http/trusted-certificates.ts'
import { HttpInput, type HttpOptions } from '../../../../src/sources/live/http-input.ts'
import { LiveSource, type LiveOptions } from '../../../../src/sources/live/live-source.ts'
import {
  OddCamera,
  part,
  STREAM_HEAD,
  TEST_CERTIFICATE,
  type Answering,
} from '../../../support/odd-camera.ts'
import { RecordingLog } from '@zcast/testing/waiting/recording-log'
import { run, take } from '@zcast/testing/contracts/source-contract'
import { solidPicture } from '../../../support/test-pictures.ts'

let camera: OddCamera | undefined
let jpeg: Buffer
let other: Buffer
beforeAll(async () => {
  jpeg = Buffer.from(await solidPicture(0xff0000))
  other = Buffer.from(await solidPicture(0x00ff00))
})
afterEach(async () => {
  await camera?.close()
  camera = undefined
})

async function serve(answer: Answering, options = {}): Promise<OddCamera> {
  camera = await OddCamera.open(answer, options)
  return camera
}

function open(url: string, options: LiveOptions = {}, http: HttpOptions = {}): LiveSource {
  return new LiveSource(new HttpInput(new URL(url), http), { firstRetryMs: 1, ...options })
}

/** The first pictures of an address; whatever ends them is thrown. */
async function pictures(url: string, count: number, http: HttpOptions = {}): Promise<Buffer[]> {
  const frames = await take(open(url, { exitOnEnd: true }, http), count)
  return frames.map((frame) => Buffer.from((frame as Frame).data))
}

/** Why an address gives no picture. */
async function failure(url: string, http: HttpOptions = {}): Promise<string> {
  try {
    await pictures(url, 1, http)
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_SOURCE_FAILED' })
    return (error as Error).message
  }
  throw new Error('it gave a picture')
}

describe('a camera over http is read at once and byte for byte', () => {
  const multipart = (head: string, ...bytes: (string | Buffer)[]): Buffer =>
    Buffer.concat(
      [head, ...bytes].map((each) => (typeof each === 'string' ? Buffer.from(each, 'latin1') : each)),
    )
  const type = 'Content-Type: multipart/x-mixed-replace; boundary=frame'
  // Each answer holds one picture, and the camera then waits: nothing that comes later may be needed.
  const answers: Record<string, () => Buffer> = {
    'with lines that end in LF': () => multipart(`HTTP/1.0 200 OK\n${type}\n\n`, part(jpeg, { end: '\n' })),
    'with a header that is none': () =>
      multipart(`HTTP/1.0 200 OK\r\n${type}\r\nX-A="B"\r\n\r\n`, part(jpeg)),
    'with bytes that are no ASCII in a header': () =>
      multipart(`HTTP/1.0 200 OK\r\nServer: M\xfcller\r\n${type}\r\n\r\n`, part(jpeg)),
    'as ICY': () => multipart(`ICY 200 OK\r\n${type}\r\n\r\n`, part(jpeg)),
    'with a length of 0 before endless parts': () =>
      multipart(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${type}\r\n\r\n`, part(jpeg)),
    'with the length of one picture before endless parts': () =>
      multipart(`HTTP/1.1 200 OK\r\nContent-Length: 10\r\n${type}\r\n\r\n`, part(jpeg)),
    'behind an interim answer': () => multipart(`HTTP/1.1 100 Continue\r\n\r\n`, STREAM_HEAD, part(jpeg)),
    'without a type': () => multipart('HTTP/1.1 200 OK\r\n\r\n', part(jpeg)),
    'without a type, with parts that begin with their headers': () =>
      multipart('HTTP/1.1 200 OK\r\n\r\n', part(jpeg, { boundary: 'X-Count: 1' })),
    'as a text': () => multipart('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n', part(jpeg)),
    'with a boundary without dashes': () => multipart(STREAM_HEAD, part(jpeg, { boundary: 'frame' })),
    'with another boundary than it says': () => multipart(STREAM_HEAD, part(jpeg, { boundary: '--other' })),
    'with a quoted boundary, declared with its dashes': () =>
      multipart(
        'HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed;boundary="video boundary--"\r\n\r\n',
        part(jpeg, { boundary: '--video boundary--' }),
      ),
    'with the boundary behind the picture': () =>
      multipart(STREAM_HEAD, `Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`, jpeg),
    'with the boundary twice': () => multipart(STREAM_HEAD, '--frame\r\n', part(jpeg)),
    'with the headers right behind the boundary': () =>
      multipart(
        STREAM_HEAD,
        `--frameContent-type: image/jpeg\r\nContent-length: ${jpeg.length}\r\n\r\n`,
        jpeg,
      ),
    'without lengths': () => multipart(STREAM_HEAD, '--frame\r\nContent-Type: image/jpeg\r\n\r\n', jpeg),
    'with a wrong length': () => multipart(STREAM_HEAD, '--frame\r\nContent-Length: 9\r\n\r\n', jpeg),
    'behind a text': () =>
      multipart(
        STREAM_HEAD,
        '--frame\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello\r\n',
        part(jpeg),
      ),
    'with two begins': () => multipart(STREAM_HEAD, part(Buffer.concat([jpeg.subarray(0, 2), jpeg]))),
    'with padding behind it': () => multipart(STREAM_HEAD, part(Buffer.concat([jpeg, Buffer.alloc(700)]))),
    'without parts': () => multipart('HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n', jpeg),
    'in chunks': () =>
      multipart(
        `HTTP/1.1 200 OK\r\n${type}\r\nTransfer-Encoding: chunked\r\n\r\n`,
        ...[part(jpeg).subarray(0, 60), part(jpeg).subarray(60)].flatMap((chunk) => [
          `${chunk.length.toString(16)};x=y\r\n`,
          chunk,
          '\r\n',
        ]),
      ),
    'in chunks that are none': () =>
      multipart(`HTTP/1.1 200 OK\r\n${type}\r\nTransfer-Encoding: chunked\r\n\r\n`, part(jpeg)),
    'compressed, although that was not asked for': () =>
      multipart(`HTTP/1.1 200 OK\r\n${type}\r\nContent-Encoding: gzip\r\n\r\n`, gzipSync(part(jpeg))),
  }
  test.each(Object.keys(answers))('%s', async (name) => {
    const { host } = await serve((_, socket) => void socket.write(answers[name]?.() ?? ''))
    expect(await pictures(`http://${host}/`, 1)).toEqual([jpeg])
  })
})

describe('a picture that is damaged', () => {
  test('is left out, counted and told, and the connection stays', async () => {
    const cut = part(jpeg.subarray(0, jpeg.length - 30))
    const { host } = await serve((_, socket) => {
      socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), part(jpeg), cut, part(other), cut]))
    })
    const log = new RecordingLog()
    const source = open(`http://${host}/`, { log })
    const frames = source.blocks(run())
    while (source.badPictures < 1) await frames.next()
    await frames.return(undefined)
    expect(log.lines[0]).toBe(`skipped a picture of "http://${host}/": it is cut off`)
    expect(camera?.connections).toBe(1)
  })
})

test('pictures that all lack their end are shown, whatever is between them', async () => {
  const bare = (picture: Buffer): Buffer => picture.subarray(0, picture.length - 2)
  for (const between of [
    bare,
    (picture: Buffer) => part(bare(picture)),
    (picture: Buffer) => part(bare(picture), { end: '\n' }),
  ]) {
    const { host } = await serve((_, socket) => {
      socket.write(STREAM_HEAD)
      const timer = setInterval(() => socket.write(Buffer.concat([between(jpeg), between(other)])), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const got = await pictures(`http://${host}/`, 2)
    for (const each of got) expect([jpeg, other]).toContainEqual(each)
    await camera?.close()
  }
})

describe('an address that gives one picture', () => {
  const answer = (bytes: Buffer, headers = ''): Buffer =>
    Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n${headers}\r\n`), bytes])

  test('is asked for again and again, over one connection where the camera keeps it', async () => {
    const { host } = await serve((_, socket, count) => {
      socket.write(
        answer(count % 2 ? other : jpeg, `Content-Length: ${(count % 2 ? other : jpeg).length}\r\n`),
      )
    })
    expect(await pictures(`http://${host}/`, 4, { fps: 100 })).toEqual([jpeg, other, jpeg, other])
    // Only once it has shown that it gives single pictures is it asked to keep the connection.
    expect(camera?.connections).toBe(2)
  })

  test.each(['Connection: close\r\n', 'Content-Length: 999999\r\n', ''])(
    'is asked for again when the camera closes the connection (%j)',
    async (headers) => {
      const length = headers.startsWith('Content-Length') ? `Content-Length: ${jpeg.length}\r\n` : headers
      const { host } = await serve((_, socket) => void socket.end(answer(jpeg, length)))
      const log = new RecordingLog()
      expect(await take(open(`http://${host}/`, { log }, { fps: 100 }), 3)).toHaveLength(3)
      expect(log.lines).toEqual([])
      expect(camera?.connections).toBeGreaterThanOrEqual(3)
    },
  )

  test('may be of another format', async () => {
    const png = await sharp({ create: { width: 32, height: 16, channels: 3, background: '#00f' } })
      .png()
      .toBuffer()
    const { host } = await serve(
      (_, socket) =>
        void socket.end(
          Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n'), png]),
        ),
    )
    const frames = await take(open(`http://${host}/`, {}, { fps: 100 }), 2)
    expect(frames).toEqual(Array(2).fill(expect.objectContaining({ width: 32, height: 16 })))
  })

  test('may lack its end', async () => {
    const { host } = await serve((_, socket) => void socket.end(answer(jpeg.subarray(0, -2))))
    expect(await pictures(`http://${host}/`, 2, { fps: 100 })).toEqual([jpeg, jpeg])
  })

  test('that fails between two pictures is said, and asked again', async () => {
    const { host } = await serve((_, socket, count) => {
      socket.end(count === 1 ? Buffer.from('HTTP/1.1 503 Busy\r\n\r\n') : answer(jpeg))
    })
    const log = new RecordingLog()
    expect(await take(open(`http://${host}/`, { log }, { fps: 100 }), 2)).toHaveLength(2)
    expect(log.lines).toEqual([
      `"http://${host}/" answered 503: it is busy, or has too many viewers already; trying again in 0.001 s`,
      `"http://${host}/" sends pictures again, after 1 s`,
    ])
  })
})

describe('a login', () => {
  const refuse = (...challenges: string[]): string =>
    `HTTP/1.1 401 Unauthorized\r\n${challenges.map((each) => `WWW-Authenticate: ${each}\r\n`).join('')}Content-Length: 0\r\n\r\n`

  /** What an answer to a challenge must be, computed from what it says of itself. */
  function digestIsRight(request: string, hash: string, name: string, password: string): boolean {
    const text = /^authorization: digest (.*)$/im.exec(request)?.[1]
    if (text === undefined) return false
    const field = (key: string): string => new RegExp(`\\b${key}="?([^",]*)`).exec(text)?.[1] ?? ''
    const h = (value: string): string => createHash(hash).update(value).digest('hex')
    const middle = [field('nonce'), field('nc'), field('cnonce'), field('qop')]
    const key = h(`${name}:${field('realm')}:${password}`)
    const target = request.split(' ')[1]
    return field('uri') === target && field('response') === h([key, ...middle, h(`GET:${target}`)].join(':'))
  }

  test.each([
    ['md5', 'Digest realm="cam", nonce="abc", qop="auth"'],
    ['sha256', 'Digest realm="cam", nonce="abc", qop="auth,auth-int", algorithm=SHA-256'],
  ])('by Digest with %s is done, path and query included', async (hash, challenge) => {
    const { host } = await serve((request, socket) => {
      const right = digestIsRight(request, hash, 'admin', 'p@ss:w%rd')
      socket.write(right ? Buffer.concat([Buffer.from(STREAM_HEAD), part(jpeg)]) : refuse(challenge))
    })
    expect(await pictures(`http://admin:p%40ss:w%25rd@${host}/video.cgi?a=b%20c&d`, 1)).toEqual([jpeg])
    expect(camera?.requests).toHaveLength(2)
    expect(camera?.requests.join()).not.toMatch(/basic/i)
  })

  test('uses the strongest of what is offered, and Basic only where there is nothing else', async () => {
    const { host } = await serve((request, socket) => {
      socket.write(
        refuse(
          'Basic realm="x"',
          'Digest realm="x", nonce="1", Digest realm="x", nonce="2", algorithm=SHA-256',
        ),
      )
      void request
    })
    await failure(`http://admin:secret@${host}/`)
    expect(camera?.requests[1]).toMatch(/Authorization: Digest .*nonce="2".*algorithm=SHA-256/)
  })

  test('by Basic sends the password only when it is asked for', async () => {
    const { host } = await serve((request, socket) => {
      const right = request.includes(`Basic ${Buffer.from('admin:p@ss:wörd').toString('base64')}\r\n`)
      socket.write(right ? Buffer.concat([Buffer.from(STREAM_HEAD), part(jpeg)]) : refuse('Basic realm="x"'))
    })
    expect(await pictures(`http://admin:p%40ss:w%C3%B6rd@${host}/`, 1)).toEqual([jpeg])
    expect(camera?.requests[0]).not.toMatch(/authorization/i)
  })

  test('takes a new nonce when the old one is used up, and counts its requests', async () => {
    let nonce = 0
    const { host } = await serve((request, socket) => {
      const asked = /nonce="(\d+)"/.exec(request)?.[1]
      const count = Number(/nc=(\d+)/.exec(request)?.[1])
      const right = digestIsRight(request, 'md5', 'admin', 'secret') && Number(asked) === nonce && count < 3
      if (!right) nonce++
      const head = `HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`
      const stale = nonce === 2 ? 'stale=true, ' : ''
      const answer = right
        ? Buffer.concat([Buffer.from(head), jpeg])
        : refuse(`Digest ${stale}realm="x", nonce="${nonce}", qop=auth`)
      socket.write(answer)
    })
    expect(await pictures(`http://admin:secret@${host}/`, 6, { fps: 100 })).toHaveLength(6)
    expect(nonce).toBe(3)
  })

  test('is done anew for each picture, of a camera that takes each nonce once and sends an empty opaque', async () => {
    let nonce = 0
    const { host } = await serve((request, socket) => {
      const right = digestIsRight(request, 'md5', 'admin', 'secret') && request.includes(`nonce="${nonce}"`)
      nonce++
      expect(!right || request.includes('opaque=""')).toBe(true)
      const head = `HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`
      const challenge = `Digest realm="Login to x",qop="auth",nonce="${nonce}", opaque="", stale="false"`
      socket.write(right ? Buffer.concat([Buffer.from(head), jpeg]) : refuse(challenge))
    })
    expect(await pictures(`http://admin:secret@${host}/`, 3, { fps: 100 })).toHaveLength(3)
  })

  test.each([
    ['wrong', 'admin:nonsense@', 'Digest realm="x", nonce="1"', 'the name or the password is wrong'],
    ['wrong for Basic', 'admin:nonsense@', 'Basic realm="x"', 'the name or the password is wrong'],
    ['missing', '', 'Digest realm="x", nonce="1"', 'it requires a name and a password: give them in the URL'],
    [
      'of a kind that is not known',
      'admin:x@',
      'NTLM',
      'it requires a login by ntlm, but only Basic and Digest are supported',
    ],
  ])('that is %s is told in words', async (_, user, challenge, words) => {
    const { host } = await serve((_request, socket) => void socket.write(refuse(challenge)))
    const message = await failure(`http://${user}${host}/`)
    expect(message).toContain(`answered 401: ${words}`)
    expect(message).not.toContain('nonsense')
    expect(camera?.requests.length).toBeLessThanOrEqual(2)
  })

  test('is not tried for ever with a server that calls every nonce stale', async () => {
    const { host } = await serve((_, socket, count) => {
      socket.write(refuse(`Digest stale=true, realm="x", nonce="${count}"`))
    })
    await failure(`http://admin:secret@${host}/`)
    expect(camera?.requests.length).toBeLessThan(6)
  })

  test('is not done at another host than the one it was given for, and that is said', async () => {
    const elsewhere = await OddCamera.open((_, socket) => void socket.write(refuse('Basic realm="x"')))
    const { host } = await serve(
      (_, socket) =>
        void socket.end(
          `HTTP/1.1 302 Found\r\nLocation: http://me:mine@${elsewhere.host}/x?token=t0p\r\n\r\n`,
        ),
    )
    const message = await failure(`http://admin:secret@${host}/`)
    expect(message).toContain(`redirects to "http://${elsewhere.host}/x", where the password is not sent`)
    expect(elsewhere.requests).toHaveLength(1)
    expect(elsewhere.requests[0]).not.toMatch(/authorization/i)
    await elsewhere.close()
  })

  test('cannot put a line of its own into a request', async () => {
    const { host } = await serve((_, socket) => void socket.write(refuse('Digest realm="x\ry", nonce="1"')))
    await failure(`http://a%0D%0AX-Evil%3A%201:secret@${host}/`)
    expect(camera?.requests[1]).toMatch(/^Authorization: /m)
    expect(camera?.requests[1]).not.toMatch(/^X-Evil/m)
  })
})

describe('what goes wrong is told in a sentence', () => {
  test.each([
    ['HTTP/1.1 403 Forbidden\r\n\r\n', 'answered 403: it requires a name and a password'],
    ['HTTP/1.1 404 Not Found\r\n\r\n', 'answered 404: there is nothing at this path: check the address'],
    ['HTTP/1.1 503 Busy\r\n\r\n', 'answered 503: it is busy, or has too many viewers already'],
    ['HTTP/1.1 500 Oops\r\n\r\n', 'answered 500: something went wrong inside it'],
    ['HTTP/1.1 302 Found\r\n\r\n', 'answered 302'],
    [
      'HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n',
      'redirects to something that is not http or https',
    ],
    ['HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n', 'redirects more than 5 times'],
    ['RTSP/1.0 400 Bad Request\r\n\r\n', 'this port speaks RTSP: write rtsp:// instead of http://'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'it is not a web server: check the port'],
    ['\x15\x03\x01\x00\x02\x02\x46', 'it speaks TLS: write https:// instead of http://'],
    ['', 'the connection was closed without an answer'],
    ['HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n', 'gave no picture'],
    [
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><title>IP Camera\n Login</title>',
      'answered a web page ("IP Camera Login"), not video: give the address of its stream or picture, not of its page',
    ],
    [
      'HTTP/1.1 200 OK\r\n\r\n<!DOCTYPE html><html><body>\x1b[31mHi</body></html>',
      'answered a web page ("[31mHi")',
    ],
    [
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"code":1}',
      'answered a text ("{"code":1}"), not video',
    ],
  ])('%j', async (answer, words) => {
    const { host } = await serve((_, socket) => void socket.end(answer, 'latin1'))
    expect(await failure(`http://${host}/`)).toContain(words)
  })

  test('parts that are no pictures', async () => {
    const h264 = '--data-boundary--\r\nContent-Type: video/x-h264\r\nContent-Length: 90000\r\n\r\n'
    const { host } = await serve((_, socket) => {
      socket.end(Buffer.concat([Buffer.from(STREAM_HEAD), Buffer.from(h264), Buffer.alloc(90_000, 1)]))
    })
    expect(await failure(`http://${host}/`)).toBe(
      `"http://${host}/" holds no JPEG pictures, but video/x-h264: give its address for MJPEG, a snapshot or RTSP`,
    )
  })

  test('a stream that stalls', async () => {
    const { host } = await serve(
      (_, socket) => void socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), part(jpeg)])),
    )
    const source = open(`http://${host}/`, { exitOnEnd: true }, { silenceMs: 50 })
    await expect(take(source, 2)).rejects.toThrow(`"http://${host}/" broke off: nothing came for 0.05 s`)
  })

  test('an address that nothing listens at', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    expect(await failure(`http://127.0.0.1:${port}/`)).toBe(
      `cannot open "http://127.0.0.1:${port}/": nothing accepts connections at 127.0.0.1:${port}: check that it is switched on, and check the port`,
    )
  })

  test('a name that is not known', async () => {
    expect(await failure('http://no-such-camera.invalid/')).toMatch(
      /the host name "no-such-camera\.invalid" (?:is unknown: check its spelling|cannot be looked up now)/,
    )
  })

  test('https to a camera that speaks http', async () => {
    // It answers what it takes for a request, as web servers do.
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await failure(`https://127.0.0.1:${port}/`)).toContain(
      'does not speak TLS: write http:// instead of https://',
    )
    await new Promise((resolve) => server.close(resolve))
  })

  test('no secret of the address is in any of them', async () => {
    const { host } = await serve((_, socket) => void socket.end('HTTP/1.1 401 No\r\n\r\n'))
    expect(await failure(`http://me:hunter2@${host}/v.cgi?user=admin&pwd=hunter2`)).not.toContain('hunter2')
  })
})

describe('a camera that has signed its own certificate', () => {
  const certificate = new X509Certificate(readFileSync(TEST_CERTIFICATE))
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  const pins = {
    'the fingerprint as openssl has it': certificate.fingerprint256,
    'the fingerprint in small letters': `sha256:${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}`,
    'the public key as curl has it': `sha256//${createHash('sha256').update(key).digest('base64')}`,
    'the certificate itself': TEST_CERTIFICATE,
  }
  const stream: Answering = (_, socket) =>
    void socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), part(jpeg)]))

  test('is refused before a byte of the request is sent, with what to do', async () => {
    const { host } = await serve(stream, { tls: true })
    const message = await failure(`https://admin:secret@${host}/`)
    expect(message).toContain(
      'its certificate is signed by nobody but itself: if it is yours, trust it with --trust-cert sha256:',
    )
    expect(message).toContain(certificate.fingerprint256.replaceAll(':', ''))
    expect(camera?.requests).toEqual([])
  })

  test.each(Object.entries(pins))('is trusted by %s', async (_, pin) => {
    const { host } = await serve(stream, { tls: true })
    expect(await pictures(`https://${host}/`, 1, { trusted: new TrustedCertificates([pin]) })).toEqual([jpeg])
  })

  test('is not trusted because another one is', async () => {
    const { host } = await serve(stream, { tls: true })
    const pin = `sha256:${'0'.repeat(64)}`
    expect(await failure(`https://${host}/`, { trusted: new TrustedCertificates([pin]) })).toContain(
      'its certificate',
    )
    expect(camera?.requests).toEqual([])
  })

  test.each(['sha256:12', 'sha256//abc', '/no/such/file.pem', import.meta.filename])(
    '%s is refused as one to trust',
    (text) => {
      expect(() => new TrustedCertificates([text])).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    },
  )
})

test('a camera that is away is one kind of event, whatever goes wrong, and told when it is back', async () => {
  const keys: string[] = []
  const levels: string[] = []
  const log = {
    error: (_: string, _cause: unknown, key = '') => void (keys.push(key), levels.push('error')),
    warning: (_: string, _cause: unknown, key = '') => void (keys.push(key), levels.push('warning')),
    close: () => {},
  }
  const { host } = await serve((_, socket, count) => {
    if (count < 3) socket.end(count === 1 ? 'HTTP/1.1 503 Busy\r\n\r\n' : '')
    else socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), part(jpeg)]))
  })
  const source = open(`http://${host}/`, { log })
  await take(source, 1)
  expect(levels).toEqual(['error', 'error', 'error', 'warning'])
  expect(new Set(keys.slice(0, 3)).size).toBe(1)
  expect(keys[3]).not.toBe(keys[0])
  expect(source.failure).toBeUndefined()
})

test('a source that never had a picture says why', async () => {
  const { host } = await serve((_, socket) => void socket.end('HTTP/1.1 404 No\r\n\r\n'))
  const log = new RecordingLog()
  const source = open(`http://${host}/`, { log })
  const controller = new AbortController()
  const reading = source.blocks({ signal: controller.signal, demand: new Demand(['']) }).next()
  await log.first(1)
  controller.abort()
  expect((await reading).done).toBe(true)
  expect((source.failure as Error).message).toContain('answered 404')
})
