import { describe, expect, test } from '@jest/globals'
import { planSound } from '../../../../src/commands/viewer/plan-sound.ts'
import { Arguments } from '../../../../src/options/reading/arguments.ts'
import type { Settings } from '../../../../src/options/reading/settings.ts'
import type { SubscriptionPlan } from '../../../../src/subscription/plan.ts'

function pictures(connect: readonly string[], topics = ['video/main']): SubscriptionPlan {
  return {
    keys: { curve: undefined, warning: 'told once' },
    topics,
    rendition: 'auto',
    bind: [],
    connect,
    delivery: 'latest',
    maxMemoryBytes: undefined,
    maxValues: 7,
    heartbeatMs: 500,
    maxMessageBytes: undefined,
  }
}

/** The endpoints and topics of the sound of a viewer. */
function plan(
  settings: Settings,
  { connect = ['tcp://10.0.0.7:5557'], topics = ['video/main'], isPage = true, isRecorded = false } = {},
) {
  return planSound(new Arguments(settings), pictures(connect, topics), { isPage, isRecorded })
}

describe('the sound beside the pictures of a viewer', () => {
  test('is on the default port of the machines whose pictures are on theirs', () => {
    const connect = ['tcp://10.0.0.7:5557', 'tcp://[::1]:5557', 'tcp://10.0.0.8:6000', 'ipc:///tmp/pictures']
    expect(plan({}, { connect })).toMatchObject({
      isExpected: false,
      plan: { connect: ['tcp://10.0.0.7:5558', 'tcp://[::1]:5558'], topics: ['audio/main'] },
    })
    expect(plan({}, { connect: ['tcp://10.0.0.8:6000'] })).toBeUndefined()
  })

  test('is at the endpoints that are given, and asked for then', () => {
    expect(plan({ audio: ['tcp://10.0.0.9:7000'] }, { connect: [] })).toMatchObject({
      isExpected: true,
      plan: { connect: ['tcp://10.0.0.9:7000'] },
    })
  })

  test('has the names of the pictures, and nothing else that is about them', () => {
    const topics = ['video/a', 'video@360p/a', 'video/']
    expect(plan({}, { topics })?.plan).toEqual({
      keys: { curve: undefined, warning: undefined },
      topics: ['audio/a', 'audio/'],
      bind: [],
      connect: ['tcp://10.0.0.7:5558'],
      delivery: 'queue:50',
      maxMemoryBytes: undefined,
      maxValues: undefined,
      heartbeatMs: 500,
      maxMessageBytes: undefined,
    })
  })

  test('is left out if so wished, and where it is neither heard nor recorded', () => {
    expect(plan({ 'no-audio': true })).toBeUndefined()
    expect(plan({}, { isPage: false })).toBeUndefined()
    expect(plan({}, { isPage: false, isRecorded: true })).toBeDefined()
  })

  test.each<Settings>([{ audio: ['tcp://10.0.0.9:7000'] }, { 'no-audio': true }, { sync: '100ms' }])(
    'is refused where it can be neither heard nor recorded: %j',
    (settings) => {
      expect(() => plan(settings, { isPage: false })).toThrow(
        / (apply|applies) to the web page (only|and to --record only): /,
      )
    },
  )

  test('is refused where it is asked for and left out at once, or at no endpoint', () => {
    const audio = ['tcp://10.0.0.9:7000']
    expect(() => plan({ audio, 'no-audio': true })).toThrow('give either audio or no-audio, not both')
    expect(() => plan({ audio: ['tcp://10.0.0.9:*'] })).toThrow(/^cannot connect to/)
  })
})
