import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  listDisplays,
  listVideo4linux,
  parseAlsaDevices,
  parseAvfoundation,
  parseDshow,
  parseSources,
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

  test('has the cameras, screens and microphones of macOS', () => {
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
      { kind: 'microphone', source: 'mic:0', name: 'Built-in Microphone' },
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
  ])('has the cameras and microphones of Windows, as %s tells them', (_, lines) => {
    expect(parseDshow(lines.map((line) => `[dshow @ 000001] ${line}`).join('\n'))).toEqual([
      { kind: 'camera', source: 'camera:USB Camera', name: 'USB Camera' },
      { kind: 'screen', source: 'screen', name: 'the desktop' },
      { kind: 'microphone', source: 'mic:Microphone', name: 'Microphone' },
    ])
  })

  test('has the microphones of PulseAudio, without what is played here', () => {
    const text = [
      'Auto-detected sources for pulse:',
      '  alsa_output.pci-1.analog-stereo.monitor [Monitor of Built-in Audio] (none)',
      '* alsa_input.pci-1.analog-stereo [Built-in Audio Analog Stereo] (none)',
    ]
    expect(parseSources(text.join('\n'))).toEqual([
      {
        kind: 'microphone',
        source: 'mic:alsa_input.pci-1.analog-stereo',
        name: 'Built-in Audio Analog Stereo',
      },
    ])
    expect(parseSources('Cannot list sources: Generic error in an external library')).toEqual([])
  })

  test('has the microphones of ALSA', () => {
    const text =
      '00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1\n00-03: HDMI 0 : HDMI 0 : playback 1\n'
    expect(parseAlsaDevices(text)).toEqual([
      { kind: 'microphone', source: 'mic:plughw:0,0', name: 'ALC257 Analog' },
    ])
  })
})
