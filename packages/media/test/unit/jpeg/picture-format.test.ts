import { describe, expect, test } from '@jest/globals'
import { detectPictureFormat } from '../../../src/jpeg/picture-format.ts'

const nameOf = (text: string): string | undefined => detectPictureFormat(Buffer.from(text, 'latin1'))?.name

describe('detectPictureFormat', () => {
  test.each([
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'JPEG'],
    ['--x\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xdb', 'JPEG'],
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'PNG'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'WebP'],
    ['GIF89a\x01\0', 'GIF'],
  ])('%j is read as %s', (text, name) => {
    expect(detectPictureFormat(Buffer.from(text, 'latin1'))).toEqual({ name, isRead: true })
  })

  test.each([
    ['<svg xmlns="http://www.w3.org/2000/svg">', 'SVG'],
    ['\xef\xbb\xbf  <?xml version="1.0"?><svg>', 'SVG'],
    ['<!-- \xff\xd8\xff\xdb --><svg>', 'SVG'],
    ['\0\0\0\x18ftypheic\0\0\0\0', 'HEIC'],
    ['\0\0\0\x1cftypavif\0\0\0\0', 'AVIF'],
    ['II*\0\x10\0\0\0CR', 'a camera raw file'],
    ['II*\0\x08\0\0\0\x0b\0', 'TIFF'],
    ['BM\x36\x84\x03\0\0\0\0\0', 'BMP'],
    ['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'],
    ['\xff\x0a\xff\x07', 'JPEG XL'],
    ['%PDF-1.7\n', 'PDF'],
    ['\0\0\0\x20ftypisom\0\0\x02\0', 'a video'],
    ['P6\n4 4\n255\n', 'a netpbm picture'],
  ])('%j is %s, which is not read', (text, name) => {
    expect(detectPictureFormat(Buffer.from(text, 'latin1'))).toEqual({ name, isRead: false })
  })

  test('has no name for anything else', () => {
    for (const text of ['', 'x', 'no picture', '\0'.repeat(2000), `${'\0'.repeat(2000)}\xff\xd8\xff\xe0`])
      expect(nameOf(text)).toBeUndefined()
  })
})
