import { describe, expect, test } from '@jest/globals'
import { addressesOf } from '../../src/addresses-of.ts'

describe('the addresses of a host', () => {
  const never = () => new Promise<never>(() => undefined)

  test('are those that are found, or itself', async () => {
    const { signal } = new AbortController()
    const look = async () => [{ address: '10.0.0.7' }, { address: '::7' }]
    expect(await addressesOf('server', signal, look)).toEqual(['10.0.0.7', '::7'])
    expect(await addressesOf('::1', signal, never)).toEqual(['::1'])
  })

  test('are not waited for when nobody answers', async () => {
    await expect(addressesOf('server', new AbortController().signal, never)).rejects.toMatchObject({
      code: 'EAI_AGAIN',
    })
  })

  test('are not waited for any more by who gives up', async () => {
    const closing = new AbortController()
    const found = addressesOf('server', closing.signal, never)
    closing.abort()
    await expect(found).rejects.toThrow('no answer')
  })
})
