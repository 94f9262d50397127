import { join } from 'node:path'
import { CountingSink } from '../../../src/sinks/counting-sink.ts'
import { FanOutSink } from '../../../src/sinks/fan-out-sink.ts'
import { PictureFolderSink } from '../../../src/sinks/picture-folder-sink.ts'
import { RecordingSink } from '../../../src/sinks/recording-sink.ts'
import { TerminalSink } from '../../../src/sinks/terminal/terminal-sink.ts'
import { WindowSink } from '../../../src/sinks/window-sink.ts'
import { fakeFfplay } from '@zcast/testing/machine/fake-ffplay'
import { FakeInput, FakeOutput } from '../../support/fake-terminal.ts'
import { pictureEnvelope, plainPicture } from '@zcast/testing/pictures/plain-picture'
import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { useTemporaryFolder } from '@zcast/testing/machine/temporary-folder'

const folder = useTemporaryFolder()
const ignore = (): void => undefined

const envelope = async (seq: number): Promise<ReturnType<typeof pictureEnvelope>> =>
  pictureEnvelope({
    seq,
    time: 1_700_000_000 + seq / 10,
    data: await plainPicture(64, 48, [200, 40, 40]),
    width: 64,
    height: 48,
  })

testSinkContract('FanOutSink', {
  create: () => new FanOutSink({ newest: [new CountingSink()], every: [new CountingSink()] }),
  envelope,
})

testSinkContract('PictureFolderSink', {
  create: () => new PictureFolderSink({ directory: join(folder(), 'pictures') }),
  envelope,
  createUnopenable: () => new PictureFolderSink({ directory: '/dev/null/pictures' }),
})

testSinkContract('RecordingSink', {
  create: () => new RecordingSink({ path: join(folder(), 'clip.mkv') }),
  envelope,
  createUnopenable: () => new RecordingSink({ path: join(folder(), 'missing', 'clip.mkv') }),
})

testSinkContract('TerminalSink', {
  create: () =>
    new TerminalSink({
      title: 'Client 1',
      mode: 'truecolor',
      output: new FakeOutput(40, 12),
      input: new FakeInput(),
      environment: { TERM: 'xterm-256color' },
      onQuit: ignore,
    }),
  envelope,
})

testSinkContract('WindowSink', {
  create: async () => {
    const environment = { PATH: await fakeFfplay(folder(), 'play'), DISPLAY: ':9' }
    return new WindowSink({ title: 'Client 1', onQuit: ignore, environment })
  },
  envelope,
  createUnopenable: () => new WindowSink({ title: 'Client 1', onQuit: ignore, environment: { PATH: '' } }),
})
