import { describe, expect, test } from '@jest/globals'
import { openScreen, whyNoScreen } from '@zcast/testing/machine/xvfb'
import { useWorkbench } from '../support/zcast.ts'

const bench = useWorkbench()
const testWithScreen = whyNoScreen ? test.skip : test
if (whyNoScreen) console.log(`the list of screens is not tested: ${whyNoScreen}`)

interface Device {
  readonly kind: string
  readonly source: string
  readonly name: string
}

async function listDevices(): Promise<readonly Device[]> {
  const { status, stdout, stderr } = await bench.run(['devices', '--json'])
  expect({ status, stderr, lines: stdout.length }).toEqual({ status: 0, stderr: [], lines: 1 })
  return JSON.parse(stdout[0] as string) as Device[]
}

describe('zcast devices', () => {
  test('lists what can be published, or says that there is nothing', async () => {
    const devices = await listDevices()
    for (const { kind, source, name } of devices) {
      expect(source).toMatch({ camera: /^camera/, screen: /^screen/, microphone: /^mic:/ }[kind] ?? 'no kind')
      expect(name).not.toBe('')
    }
    const { status, stdout, stderr } = await bench.run(['devices'])
    expect(status).toBe(0)
    // Screens of other tests may come and go in between.
    if (stdout.length === 0) expect(stderr).toEqual(['no camera, screen or microphone was found'])
    else for (const line of stdout) expect(line).toMatch(/^(camera|screen|mic)\S* +\S/)
  })

  testWithScreen('lists a screen under the name by which it can be published', async () => {
    const screen = await openScreen(160, 120)
    try {
      const source = `screen:${screen.display}`
      const name = `X display ${screen.display}`
      expect(await listDevices()).toContainEqual({ kind: 'screen', source, name })
      const { stdout } = await bench.run(['devices'])
      expect(stdout).toContain(`${source.padEnd(24)} ${name}`)
      const picture = bench.path('screen.jpg')
      const publisher = bench.start(['publish', 'video', source, '--bind', 'tcp://127.0.0.1:*'])
      const [, endpoint = ''] = await publisher.stderr.find(/publishing video\/main on (\S+)$/)
      const saved = await bench.run(['viewer', 1, '--connect', endpoint, '--snapshot', picture])
      expect(saved.status).toBe(0)
      await publisher.stop()
    } finally {
      await screen.close()
    }
  })
})
