import { describe, expect, test } from '@jest/globals'
import { clientNumber, findSelection } from '../../src/selection.ts'

const VALUES = ['zero', 'one', 'two', 'three', 'four', 'five']

function selected(client: string): string[] {
  const { first, step } = findSelection(client)
  const positions: string[] = []
  for (let position = first as number; position < VALUES.length; position += step) {
    positions.push(VALUES.at(position) as string)
  }
  return positions
}

describe('findSelection', () => {
  test.each([
    ['1', ['zero', 'two', 'four']],
    ['even', ['zero', 'two', 'four']],
    ['2', ['one', 'three', 'five']],
    ['odd', ['one', 'three', 'five']],
    ['3', VALUES],
    ['all', VALUES],
  ])('client %s takes the positions %j', (client, expected) => {
    expect(selected(client)).toEqual(expected)
  })

  test('a name and its number are the same client', () => {
    expect(['even', 'odd', 'all'].map((name) => clientNumber(findSelection(name)))).toEqual([1, 2, 3])
  })

  test.each(['', '0', '4', '01', 'Even', 'both', '-1', '1.0'])('there is no client %j', (client) => {
    expect(() => findSelection(client)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
