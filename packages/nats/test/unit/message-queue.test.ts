import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from '@jest/globals'
import { MessageQueue } from '../../src/message-queue.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

test('what was read is let go of, also when the queue is never empty, and all comes in order', async () => {
  const queue = new MessageQueue(() => undefined)
  const reader = queue.read()[Symbol.asyncIterator]()
  const first = Buffer.from('0')
  let weak: WeakRef<Uint8Array[]> | undefined
  ;(() => {
    const message = [first]
    weak = new WeakRef(message)
    queue.add(message)
  })()
  const wrong: string[] = []
  for (let number = 1; number <= 2000; number++) {
    queue.add([Buffer.from(String(number))])
    const { value } = await reader.next()
    const text = Buffer.from(value?.[0] ?? []).toString()
    if (text !== String(number - 1)) wrong.push(text)
  }
  expect(wrong).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 10))
  collect()
  expect(weak?.deref()).toBeUndefined()
})
