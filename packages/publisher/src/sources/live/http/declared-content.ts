import { looksLikePictures } from '../byte-stream.ts'
import { mediaType, type HttpHead } from './http-head.ts'

/**
 * The type of an answer: JPEG pictures, one picture of another format, a playlist, a text, or anything else, which its
 * bytes will tell.
 */
export type DeclaredContent = 'jpeg' | 'still' | 'playlist' | 'text' | 'unknown'

/**
 * The type that an answer declares. It is used before the bytes are examined, because many cameras combine their parts
 * in ways of their own; only a declared text may turn out to be pictures.
 *
 * @param first - Its first bytes.
 */
export function declaredContent(url: URL, head: HttpHead, first: Buffer): DeclaredContent {
  const type = mediaType(head)
  if (/mpegurl/.test(type) || first.subarray(0, 7).toString('latin1') === '#EXTM3U') return 'playlist'
  if (/^(?:multipart\/.*|video\/(?:x-)?(?:motion-?jpeg|mjpeg|jpeg))$/.test(type) || looksLikePictures(first))
    return 'jpeg'
  if (isStill(first)) return 'still'
  if (type.startsWith('image/')) return 'jpeg'
  if (isText(type, first)) return 'text'
  return url.pathname.endsWith('.m3u8') ? 'playlist' : 'unknown'
}

/** Some servers declare everything unknown as text; a real text has no zero byte in it. */
function isText(type: string, first: Buffer): boolean {
  if (first.includes(0)) return false
  return (
    /^text\/|[/+](?:json|xml)$/.test(type) ||
    /^\s*<(?:!doctype|html|\?xml)/i.test(first.toString('latin1', 0, 64))
  )
}

/** PNG, WebP and GIF. */
function isStill(first: Buffer): boolean {
  return /^(?:\x89PNG|RIFF[^]{4}WEBP|GIF8)/.test(first.toString('latin1', 0, 16))
}

/** The explanation, as a clause, of a text received instead of video; a page is named by its title. */
export function describeText(head: HttpHead, first: Buffer): string {
  const text = first.toString('utf8')
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]
  const shown = (title ?? text.replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 60)
  const kind = /html/.test(mediaType(head)) || /<html/i.test(text) ? 'a web page' : 'a text'
  return `answered ${kind}${shown === '' ? '' : ` ("${shown}")`}, not video: give the address of its stream or picture, not of its page`
}
