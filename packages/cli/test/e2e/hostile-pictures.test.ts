import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { greyPicture } from '../support/messages.ts'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()

/** 16^9 copies of a turbulence, which takes hours to draw. */
const SVG_BOMB =
  '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000"><filter id="f"><feTurbulence numOctaves="99"/></filter>' +
  Array.from({ length: 9 }, (_, i) => `<g id="${i}">${`<use href="#${i + 1}"/>`.repeat(16)}</g>`).join('') +
  '<rect id="9" width="4000" height="4000" filter="url(#f)"/></svg>'

test('a watched folder into which programs are put that look like pictures is watched on, and ends when asked', async () => {
  const folder = bench.path('shots')
  await mkdir(folder)
  const publisher = bench.start([
    'publish',
    'video',
    folder,
    '--watch',
    '--always',
    '--bind',
    'tcp://127.0.0.1:*',
  ])
  const endpoint = await publisher.stderr.find(/tcp:\/\/127\.0\.0\.1:\d+/)
  const viewer = bench.start(['viewer', 1, '--show', 'none', '--json', '--connect', endpoint[0]])
  await viewer.stderr.find(/connected/)
  const hostile = {
    'a.png': SVG_BOMB,
    'b.jpg': `<?xml version="1.0"?>${SVG_BOMB}`,
    'c.gif': '%PDF-1.4',
    'd.webp': 'push graphic-context\nimage over 0,0 0,0 "https://example.com/"',
  }
  for (const [name, text] of Object.entries(hostile)) await writeFile(join(folder, name), text)
  for (const [name, reason] of [
    ['a.png', 'it is SVG'],
    ['b.jpg', 'it is SVG'],
    ['c.gif', 'it is PDF'],
    ['d.webp', 'it is not a picture'],
  ])
    await publisher.stderr.find(
      new RegExp(`warning: skipped ".*${name}": ${reason}: JPEG, PNG, WebP and GIF are read$`),
    )
  await writeFile(join(folder, '.e.jpg'), await greyPicture(64, 48, 99))
  await rename(join(folder, '.e.jpg'), join(folder, 'e.jpg'))
  await viewer.stdout.find(/"received":1/)
  expect((await viewer.stop('SIGTERM')).status).toBe(0)
  expect((await publisher.stop('SIGTERM')).status).toBe(0)
})
