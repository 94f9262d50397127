import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  listDisplays,
  listVideo4linux,
  parseAvfoundation,
  parseDshow,
} from '../../../src/capture/list-devices.ts'

describe('the list of devices', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zcast-devices-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('has the cameras of Linux, without their metadata nodes and without control characters', async () => {
    for (const [node, index, name] of [
      ['video10', '0', 'Capture\u001B[31m card\n'],
      ['video0', '0', 'Integrated Camera\n'],
      ['video1', '1', 'Integrated Camera\n'],
      ['v4l-subdev0', '0', 'sensor\n'],
    ] as const) {
      await mkdir(join(folder, node))
      await writeFile(join(folder, node, 'index'), `${index}\n`)
      await writeFile(join(folder, node, 'name'), name)
    }
    expect(await listVideo4linux(folder)).toEqual([
      { kind: 'camera', source: 'camera:/dev/video0', name: 'Integrated Camera' },
      { kind: 'camera', source: 'camera:/dev/video10', name: 'Capture [31m card' },
    ])
    expect(await listVideo4linux(join(folder, 'none'))).toEqual([])
  })

  test('has the X displays', async () => {
    await writeFile(join(folder, 'X1'), '')
    await writeFile(join(folder, 'other'), '')
    expect(await listDisplays(folder)).toEqual([
      { kind: 'screen', source: 'screen::1', name: 'X display :1' },
    ])
  })

  test('has the cameras and screens of macOS', () => {
    const text = [
      '[AVFoundation indev @ 0x7f8] AVFoundation video devices:',
      '[AVFoundation indev @ 0x7f8] [0] FaceTime HD Camera',
      '[AVFoundation indev @ 0x7f8] [1] Capture screen 0',
      '[AVFoundation indev @ 0x7f8] AVFoundation audio devices:',
      '[AVFoundation indev @ 0x7f8] [0] Built-in Microphone',
    ].join('\n')
    expect(parseAvfoundation(text)).toEqual([
      { kind: 'camera', source: 'camera:0', name: 'FaceTime HD Camera' },
      { kind: 'screen', source: 'screen:0', name: 'Capture screen 0' },
    ])
  })

  test.each([
    [
      'ffmpeg 4',
      [
        'DirectShow video devices',
        ' "USB Camera"',
        '    Alternative name "@device_pnp"',
        'DirectShow audio devices',
        ' "Microphone"',
      ],
    ],
    ['ffmpeg 6', ['"USB Camera" (video)', '  Alternative name "@device_pnp"', '"Microphone" (audio)']],
  ])('has the cameras of Windows, as %s tells them', (_, lines) => {
    expect(parseDshow(lines.map((line) => `[dshow @ 000001] ${line}`).join('\n'))).toEqual([
      { kind: 'camera', source: 'camera:USB Camera', name: 'USB Camera' },
      { kind: 'screen', source: 'screen', name: 'the desktop' },
    ])
  })
})
