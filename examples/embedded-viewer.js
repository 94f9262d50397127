// A web application of your own with a viewer's page inside it: node examples/embedded-viewer.js
// Send it something with: zcast publish video pattern. Then open http://127.0.0.1:3000
import { createServer } from 'node:http'
import { Subscriber } from '@zcast/subscribers'
import { WebSink } from '@zcast/web'

const [port = '3000', connect = 'tcp://127.0.0.1:5557'] = process.argv.slice(2)
const viewer = new WebSink({ title: 'Camera', path: '/cam/' })

// In Express: app.use((request, response, next) => viewer.handler(request, response) || next())
const server = createServer((request, response) => {
  if (viewer.handler(request, response)) return
  response.setHeader('content-type', 'text/html')
  response.end('<h1>My application</h1><iframe src="/cam/" width="800" height="500"></iframe>')
})
server.on('upgrade', (request, socket, head) => {
  if (!viewer.upgrade(request, socket, head)) socket.destroy()
})
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`open http://127.0.0.1:${server.address().port}; Ctrl-C ends it`)
})

const subscriber = await Subscriber.open({ connect, topics: ['video/'] })
await subscriber.run(viewer)
