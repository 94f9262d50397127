import { expect, test } from '@jest/globals'
import { Arguments } from '../../../src/options/reading/arguments.ts'
import { planSubscription } from '../../../src/subscription/plan.ts'

const SOUND = { kind: 'audio', alike: ['voice'], delivery: 'all' } as const
const AUDIO = 'tcp://127.0.0.1:5558'
const ROOM = 'tcp://127.0.0.1:5560'

test.each([
  [[], ['audio/main'], [AUDIO]],
  [['voice/main'], ['voice/main'], [ROOM]],
  [
    ['voice/main', 'audio/main'],
    ['voice/main', 'audio/main'],
    [AUDIO, ROOM],
  ],
])('sound of the topics %j is that of %j at %j', async (topic, topics, connect) => {
  expect(await planSubscription(new Arguments({ topic }), SOUND)).toMatchObject({ topics, connect })
})

test('a kind that is not welcome is refused', async () => {
  await expect(planSubscription(new Arguments({ topic: ['video/main'] }), SOUND)).rejects.toThrow(
    'topic must begin with audio/ or voice/, got "video/main"',
  )
})
