import { testSinkContract } from '@zcast/testing/contracts/sink-contract'
import { pictureEnvelope } from '@zcast/testing/pictures/plain-picture'
import { Dashboard } from '../../../src/dashboard/dashboard.ts'
import { WebSink } from '../../../src/viewer/web-sink.ts'
import { paint } from '../../support/viewer.ts'

const envelope = async (seq: number): Promise<ReturnType<typeof pictureEnvelope>> =>
  pictureEnvelope({
    seq,
    time: 1_700_000_000 + seq / 10,
    data: await paint([200, 40, 40]),
    width: 64,
    height: 48,
  })

testSinkContract('WebSink', { create: () => new WebSink({ title: 'Client 1', port: 0 }), envelope })

testSinkContract('Dashboard', { create: () => new Dashboard({ port: 0 }), envelope })
