// Sends the pictures of a camera that serves JPEG snapshots:
//   node examples/push-pictures.js http://camera.local/snapshot.jpg
// See them with: zcast viewer 1 --topic video/cam
import { setTimeout as sleep } from 'node:timers/promises'
import { Publisher } from '@zcast/publisher'

const [url, endpoint = 'tcp://127.0.0.1:5557'] = process.argv.slice(2)
if (url === undefined) {
  console.error('usage: node examples/push-pictures.js URL [ENDPOINT]')
  process.exit(2)
}

// The largest picture to expect and the number of topics size the queues: pictures never grow old in them.
const publisher = await Publisher.open({ bind: endpoint, expectedBytes: 200_000, pictureTopics: 1 })
const cam = publisher.topic('video/cam')
console.log(`sending video/cam on ${publisher.endpoints.join()}; Ctrl-C ends it`)

for (;;) {
  await cam.untilWatched() // nobody watches: the camera is left alone
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    if (!response.ok) throw new Error(`the camera answered ${response.status}`)
    await cam.send(new Uint8Array(await response.arrayBuffer())) // a bad picture is an error here, not at the viewers
  } catch (error) {
    console.error(`no picture: ${error.message}`)
  }
  await sleep(100)
}
