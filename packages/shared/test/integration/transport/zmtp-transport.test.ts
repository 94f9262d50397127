import { ZmtpTransport } from '../../../src/transport/zmtp/zmtp-transport.ts'
import { testTransportContract } from '@zcast/testing/contracts/transport-contract'

testTransportContract('ZmtpTransport', () => new ZmtpTransport())
