import { describe, expect, test } from '@jest/globals'
import { bodyFraming } from '../../../../../src/sources/live/http/http-body.ts'
import {
  findHeadEnd,
  headerOf,
  mediaType,
  parseHead,
  type HttpHead,
} from '../../../../../src/sources/live/http/http-head.ts'

function read(text: string): HttpHead | undefined {
  return parseHead(Buffer.from(text, 'latin1'))
}

describe('the head of an answer', () => {
  test.each([
    ['HTTP/1.1 200 OK\r\n', 'HTTP/1.1', 200],
    ['HTTP/1.0 200\n', 'HTTP/1.0', 200],
    ['http/1.1  404 Not\tFound\r\n', 'HTTP/1.1', 404],
    ['HTTP 200 OK\r\n', 'HTTP', 200],
    ['ICY 200 OK\r\n', 'ICY', 200],
    ['HTTP/1.1 401Unauthorized\r\n', 'HTTP/1.1', 401],
    ['RTSP/1.0 400 Bad Request\r\n', 'RTSP/1.0', 400],
  ])('begins with %j', (line, protocol, status) => {
    expect(read(`${line}\r\n`)).toMatchObject({ protocol, status })
  })

  test.each(['', 'SSH-2.0-OpenSSH\r\n', '220 ftp\r\n', 'HTTP/1.1 OK\r\n', 'HTTP/1.1 2000 OK\r\n'])(
    'does not begin with %j',
    (text) => {
      expect(read(text)).toBeUndefined()
    },
  )

  test('has headers whatever lines end with, and passes over what is none', () => {
    const head = read(
      'HTTP/1.0 200 OK\nServer : Kamera M\xfcller\r\nX-Frame-Options="ALLOW"\n: none\nA b: c\n' +
        'content-TYPE:Multipart/x-mixed-replace;\r\n boundary=frame\nWWW-Authenticate: Basic\nwww-authenticate: Digest\n\n',
    ) as HttpHead
    expect(headerOf(head, 'server')).toBe('Kamera M\xfcller')
    expect(headerOf(head, 'content-type')).toBe('Multipart/x-mixed-replace; boundary=frame')
    expect(mediaType(head)).toBe('multipart/x-mixed-replace')
    expect(head.headers.get('www-authenticate')).toEqual(['Basic', 'Digest'])
    expect(headerOf(head, 'none')).toBe('')
    expect([...head.headers.keys()]).toEqual(['server', 'content-type', 'www-authenticate'])
  })

  test.each(['\r\n\r\n', '\n\n', '\n\r\n', '\r\n\n'])('ends with %j', (end) => {
    const head = Buffer.from(`HTTP/1.1 200 OK\r\nA: b${end}body\n\n`)
    expect(findHeadEnd(head)).toBe(head.indexOf('body'))
    expect(findHeadEnd(head.subarray(0, head.indexOf('body') - 1))).toBe(-1)
  })
})

describe('the end of a body', () => {
  test.each([
    ['Content-Length: 5', { kind: 'length', bytes: 5 }],
    ['Content-Length: 5\r\nContent-Type: multipart/x-mixed-replace', { kind: 'until-close' }],
    ['Content-Length: 0', { kind: 'until-close' }],
    ['Content-Length: -1', { kind: 'until-close' }],
    ['Transfer-Encoding: Chunked\r\nContent-Length: 5', { kind: 'chunked' }],
    ['', { kind: 'until-close' }],
  ])('is told by %j', (headers, framing) => {
    expect(bodyFraming(read(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`) as HttpHead)).toEqual(framing)
  })

  test('is at once where there is no body', () => {
    expect(bodyFraming(read('HTTP/1.1 304 Not Modified\r\n\r\n') as HttpHead)).toEqual({ kind: 'none' })
    expect(bodyFraming(read('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n') as HttpHead)).toEqual({
      kind: 'none',
    })
  })
})
