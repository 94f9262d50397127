import { describe, expect, test } from '@jest/globals'
import { checkAnybody } from '../../../src/commands/doctor/checks/check-anybody.ts'
import { type FfmpegTools, checkFfmpeg } from '../../../src/commands/doctor/checks/check-ffmpeg.ts'
import { checkVersions } from '../../../src/commands/doctor/checks/check-versions.ts'
import { type Finding, fine } from '../../../src/commands/doctor/finding.ts'
import { formatFinding } from '../../../src/commands/doctor/format-finding.ts'
import { nameProcess } from '../../../src/commands/doctor/machine/processes.ts'
import type { EndpointExam } from '../../../src/commands/doctor/stream/examine-endpoint.ts'

async function ffmpegFindings(find: () => Promise<FfmpegTools>): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const finding of checkFfmpeg(find)) findings.push(finding)
  return findings
}

const tools = (version: string, all = true): FfmpegTools => ({
  ffmpeg: {
    path: '/opt/ffmpeg',
    version,
    bundled: false,
    hasZscale: all,
    hasTonemap: all,
    hasLibvpx: all,
    passthroughOptions: [],
  },
  ffplay: all ? '/opt/ffplay' : undefined,
})

describe('the check of ffmpeg', () => {
  test('says that there is none', async () => {
    const [finding] = await ffmpegFindings(() => Promise.reject(new Error('none')))
    expect(finding).toMatchObject({ code: 'ffmpeg-missing', level: 'problem' })
    expect(finding?.advice).toMatch(/^install ffmpeg/)
  })

  test('says what it can do and what it lacks', async () => {
    expect(await ffmpegFindings(() => Promise.resolve(tools('7.1')))).toEqual([
      expect.objectContaining({
        code: 'ffmpeg',
        level: 'ok',
        sentence: 'ffmpeg 7.1 at /opt/ffmpeg, with all that zcast uses',
      }),
    ])
    const [lacking] = await ffmpegFindings(() => Promise.resolve(tools('n6.0', false)))
    expect(lacking?.sentence).toMatch(/without zscale \(.*\), tonemap \(.*\), libvpx \(.*\), ffplay \(/)
  })

  test('warns of one that is too old', async () => {
    const [finding] = await ffmpegFindings(() => Promise.resolve(tools('3.4.11')))
    expect(finding).toMatchObject({ code: 'ffmpeg-old', level: 'warning' })
  })
})

describe('the check whether anybody is there', () => {
  const exam = (code: string): EndpointExam => ({
    endpoint: 'tcp://127.0.0.1:5556',
    findings: [fine(code, 'so it is')],
    isConnected: code !== 'nobody',
    isZcast: false,
    versions: [],
    topics: [],
    streams: [],
    isBehind: false,
  })
  const connect = ['tcp://127.0.0.1:5556', 'tcp://127.0.0.1:5557']
  const check = async (codes: readonly string[], isDefault: boolean): Promise<readonly string[]> =>
    (await checkAnybody(codes.map(exam), { isDefault, connect })).map(({ code }) => code)

  test('finds fault only where nobody is at any of the endpoints that nobody named', async () => {
    expect(await check(['nobody', 'nobody'], true)).toEqual(['nobody-at-all'])
    expect(await check(['nobody', 'reached'], true)).toEqual([])
    expect(await check(['nobody', 'not-zeromq'], true)).toEqual([])
    expect(await check(['nobody', 'nobody'], false)).toEqual([])
  })
})

describe('the check of versions', () => {
  const exam = (versions: readonly string[]): EndpointExam => ({
    endpoint: 'tcp://10.0.0.7:5556',
    findings: [],
    isConnected: true,
    isZcast: true,
    versions,
    topics: [],
    streams: [],
    isBehind: false,
  })

  test('warns where a publisher is of another one', () => {
    expect([...checkVersions([exam(['0.1.0', '9.9.9'])], '0.1.0')]).toMatchObject([
      {
        code: 'versions-differ',
        level: 'warning',
        sentence: 'the publisher at tcp://10.0.0.7:5556 is zcast 9.9.9, here it is 0.1.0',
      },
      { code: 'versions', level: 'ok' },
    ])
    expect([...checkVersions([exam(['0.1.0'])], '0.1.0')]).toMatchObject([{ level: 'ok' }])
  })
})

test.each([
  [['/usr/bin/node', '/opt/bin/zcast.js', 'publish', 'video', '--curve', 'lab'], 'zcast publish video'],
  [['/usr/bin/node', '/usr/bin/zcast', 'viewer', '1', 'more'], 'zcast viewer 1'],
  [['nginx: master process /usr/sbin/nginx'], 'nginx'],
  [['/usr/bin/python3', '-u', '/home/ann/camera.py', '--password', 'secret'], 'python3 camera.py'],
  [['/usr/bin/socat', 'secret'], 'socat'],
])('a process %j is named without what may be secret', (words, name) => {
  expect(nameProcess(words)).toBe(name)
})

test('a finding is one line, whatever a stranger has named things', () => {
  const sentence = 'nothing on \u001B[2J\n'
  const line = formatFinding({
    type: 'finding',
    code: 'silent',
    level: 'problem',
    sentence,
    measurement: {},
    advice: 'wait',
  })
  expect(line).toMatch(/^problem {2}nothing on .*; wait$/)
  expect(line).not.toContain('\u001B')
})
