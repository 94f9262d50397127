import { describe, expect, test } from '@jest/globals'
import { cameraInput, screenInput } from '../../../src/capture/capture-inputs.ts'

describe('a camera', () => {
  test.each([
    ['linux', '', true, '/dev/video0', '-f v4l2 -input_format mjpeg -framerate 15 -video_size 640x360'],
    ['linux', '/dev/video2', false, '/dev/video2', '-f v4l2 -framerate 15 -video_size 640x360'],
    ['darwin', '', false, '0:none', '-f avfoundation -framerate 15 -video_size 640x360'],
    ['win32', 'USB', true, 'video=USB', '-f dshow -vcodec mjpeg -framerate 15 -video_size 640x360'],
  ] as const)('of %s "%s" is opened', (platform, device, motionJpeg, input, options) => {
    const opened = cameraInput(device, { fps: 15, width: 640 }, motionJpeg, platform)
    expect(opened).toEqual({ input, inputOptions: options.split(' ') })
  })

  test('has to be named on Windows', () => {
    expect(() => cameraInput('', {}, true, 'win32')).toThrow('name the camera as "zcast devices" does')
  })
})

describe('a screen', () => {
  test.each([
    ['linux', ':1.0+100,200', ':1.0+100,200', '-f x11grab -framerate 30 -video_size 320x180'],
    ['darwin', '1', 'Capture screen 1:none', '-f avfoundation -framerate 30 -capture_cursor 1'],
    ['win32', '+5,6', 'desktop', '-f gdigrab -framerate 30 -offset_x 5 -offset_y 6 -video_size 320x180'],
  ] as const)('of %s is captured', async (platform, screen, input, options) => {
    expect(await screenInput(screen, { width: 320 }, platform)).toEqual({
      input,
      inputOptions: options.split(' '),
    })
  })
})
