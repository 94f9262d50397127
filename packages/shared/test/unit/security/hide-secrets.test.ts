import { describe, expect, test } from '@jest/globals'
import { hasSecrets, hideSecrets } from '../../../src/security/hide-secrets.ts'

describe('hideSecrets', () => {
  test.each([
    ['http://admin:hunter2@cam/video', 'http://***@cam/video'],
    [
      'http://cam/video.cgi?user=admin&pwd=hunter2&channel=1',
      'http://cam/video.cgi?user=***&pwd=***&channel=1',
    ],
    ['http://cam/v?channel=1&PassWord=hunter2#t', 'http://cam/v?channel=1&PassWord=***#t'],
    ['http://cam/get.cgi?loginuse=admin&loginpas=hunter2', 'http://cam/get.cgi?loginuse=***&loginpas=***'],
    ['https://cam/live.m3u8?token=hunter2;sig=hunter2', 'https://cam/live.m3u8?token=***;sig=***'],
    ['https://s3/a.m3u8?X-Amz-Signature=hunter2', 'https://s3/a.m3u8?X-Amz-Signature=***'],
    ['http://cam/v?p%61ssword=hunter2', 'http://cam/v?p%61ssword=***'],
    ['http://cam/v?auth[key]=hunter2', 'http://cam/v?auth[key]=***'],
    [
      'rtsp://cam/user=admin_password=hun_ter2_channel=1_stream=0.sdp',
      'rtsp://cam/user=***_password=***_channel=1_stream=0.sdp',
    ],
    ['rtsp://cam/user=admin&password=hunter2&channel=1', 'rtsp://cam/user=***&password=***&channel=1'],
    ['http://go2rtc/api?src=rtsp://admin:hunter2@cam/1', 'http://go2rtc/api?src=rtsp://***@cam/1'],
    [
      'http://go2rtc/api?src=rtsp%3A%2F%2Fadmin%3Ahunter2%40cam',
      'http://go2rtc/api?src=rtsp%3A%2F%2F***%40cam',
    ],
    [
      'http://p/?u=http%3A%2F%2Fcam%2F%3Fpwd%3Dhunter2%26x%3D1',
      'http://p/?u=http%3A%2F%2Fcam%2F%3Fpwd%3D***%26x%3D1',
    ],
    ['"http://cam/?pw=hunter2" answered 401', '"http://cam/?pw=***" answered 401'],
    ['"nats://ann:hunter/2?#@h" is', '"nats://***@h" is'],
    ['nats://a:hunter/2@h,nats://b:p@hunter2@i', 'nats://***@h,nats://***@i'],
    ['from http://a:hunter2@b/ to https://b/?jwt=hunter2 .', 'from http://***@b/ to https://b/?jwt=*** .'],
  ])('hides what is secret in %s', (text, hidden) => {
    expect(hideSecrets(text)).toBe(hidden)
    expect(hasSecrets(text)).toBe(true)
    expect(hideSecrets(hidden)).toBe(hidden)
  })

  test.each(
    (
      'user usr username pwd password passwd pass pw token access_token auth key apikey api_key api-key secret session ' +
      'sid jwt sig signature PSWD loginuse loginpas client_secret authkey PHPSESSID jsessionid stream_key credential User'
    ).split(' '),
  )('knows the parameter %s', (key) => {
    expect(hideSecrets(`http://cam/video?a=1&${key}=hunter2`)).not.toContain('hunter2')
  })

  test.each([
    'http://cam/video?channel=1&resolution=640x480&fps=5',
    'http://cam/axis-cgi/mjpg/video.cgi?camera=2',
    'rtsp://cam:554/h264Preview_01_main',
    'clip=1.mp4',
    'cannot read "a?b=c"',
    'http://cam/stream?password=',
  ])('leaves %s as it is', (text) => {
    expect(hideSecrets(text)).toBe(text)
    expect(hasSecrets(text)).toBe(false)
  })
})
