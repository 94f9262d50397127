import { describe, expect, test } from '@jest/globals'
import { type ClockOffset, type Sighting, TopicAccount } from '@zcast/subscribers/topics'
import { checkAnybody } from '../../../../src/commands/doctor/checks/check-anybody.ts'
import { checkBehind } from '../../../../src/commands/doctor/checks/check-behind.ts'
import { checkNetwork } from '../../../../src/commands/doctor/checks/check-network.ts'
import { checkPages } from '../../../../src/commands/doctor/checks/check-pages.ts'
import { checkTopics } from '../../../../src/commands/doctor/checks/check-topics.ts'
import { describeFailure } from '../../../../src/commands/doctor/checks/describe-failure.ts'
import { type FfmpegTools, checkFfmpeg } from '../../../../src/commands/doctor/checks/check-ffmpeg.ts'
import { checkVersions } from '../../../../src/commands/doctor/checks/check-versions.ts'
import { type Finding, fine } from '../../../../src/commands/doctor/finding.ts'
import { formatFinding } from '../../../../src/commands/doctor/format-finding.ts'
import type { TcpProbe } from '../../../../src/commands/doctor/machine/probe-tcp.ts'
import { nameProcess } from '../../../../src/commands/doctor/machine/processes.ts'
import type { EndpointExam } from '../../../../src/commands/doctor/stream/examine-endpoint.ts'
import type { MeasuredStream } from '../../../../src/commands/doctor/stream/measured-stream.ts'
import { StreamMeasure } from '../../../../src/commands/doctor/stream/stream-measure.ts'

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

const exam = (about: Partial<EndpointExam> = {}): EndpointExam => ({
  endpoint: 'tcp://10.0.0.7:5556',
  findings: [],
  isConnected: true,
  isZcast: true,
  versions: [],
  topics: [],
  streams: [],
  isBehind: false,
  ...about,
})

test('more than this machine can read is a problem of its own', () => {
  expect([...checkBehind(exam({ isBehind: true }))]).toMatchObject([{ code: 'behind', level: 'problem' }])
  expect([...checkBehind(exam())]).toEqual([])
})

test.each([
  [true, 'the publisher at tcp://10.0.0.7:5556 has no topic'],
  [false, 'the publisher at tcp://10.0.0.7:5556 sent nothing while it was looked at'],
])('a publisher without a topic is a problem (of zcast: %s)', (isZcast, sentence) => {
  const found = [...checkTopics([exam({ isZcast })], [])]
  expect(found).toMatchObject([{ code: 'nothing-published', level: 'problem', sentence }])
})

test('an address to which the machine has no way is told from one where nobody listens', async () => {
  const probe: TcpProbe = { address: '203.0.113.9', answer: 'no way', ms: 1 }
  const [endpoint, host] = ['tcp://203.0.113.9:5556', '203.0.113.9']
  const failure = { endpoint, host, port: 5556, probe, addresses: [host], other: undefined }
  expect(await describeFailure(failure)).toMatchObject({ code: 'no-way', level: 'problem' })
  const refused = { ...failure, probe: { ...probe, answer: 'refused' as const } }
  expect(await describeFailure(refused)).toMatchObject({ code: 'refused' })
})

test('a page that was named and does not answer is a problem', async () => {
  const address = 'http://127.0.0.1:1'
  const findings: Finding[] = []
  for await (const finding of checkPages([], [address], new AbortController().signal)) findings.push(finding)
  expect(findings.filter(({ measurement }) => measurement['page'] === address)).toMatchObject([
    { code: 'page-unreachable', level: 'problem', sentence: expect.stringMatching(/it does not answer$/) },
  ])
})

describe('the check of the network', () => {
  /** A second of numbers, every 10 ms, that were made `delayMs` before they came. */
  const stream = (delayMs: number, lost: number): MeasuredStream => {
    const account = new TopicAccount('numbers/imu', 'tcp://10.0.0.7:5556', 10_000)
    const measure = new StreamMeasure()
    for (let seq = 0; seq < 100; seq++) {
      const [atMs, time] = [seq * 10, 1_785_000_000 + seq / 100]
      const arrival = { atMs, time, isSettled: true }
      const isAfterGap = seq >= 50
      const sighting: Sighting = {
        topic: 'numbers/imu',
        values: 1,
        bytes: 100,
        epoch: 1,
        seq: seq + (isAfterGap ? lost : 0),
        time: time - delayMs / 1000,
        isOwn: true,
      }
      account.take(sighting, arrival)
      measure.take(sighting, account, atMs, time)
    }
    const clock = { ms: 0, errorMs: 1, newestWayMs: 2 } as ClockOffset
    return { account, measure, clock, droppedBefore: 0, nowMs: 1000 }
  }

  test('warns of values that were lost although the network carries all that is sent', () => {
    expect([...checkNetwork(stream(5, 3))]).toMatchObject([{ code: 'lost', level: 'warning' }])
    expect([...checkNetwork(stream(5, 0))]).toEqual([])
  })

  test('warns of values that come long after their capture on a quick network', () => {
    expect([...checkNetwork(stream(2000, 0))]).toMatchObject([{ code: 'late', level: 'warning' }])
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
