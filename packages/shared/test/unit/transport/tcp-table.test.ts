import { describe, expect, test } from '@jest/globals'
import { endianness } from 'node:os'
import { formatEnd } from '../../../src/transport/tcp-table.ts'

const describeHere = endianness() === 'LE' ? describe : describe.skip

describeHere("an end of a connection in the system's table", () => {
  test.each([
    ['127.0.0.1', 80, '0100007F:0050'],
    ['192.168.10.255', 65_535, 'FF0AA8C0:FFFF'],
    ['::1', 8080, '00000000000000000000000001000000:1F90'],
    ['::ffff:127.0.0.1', 8081, '0000000000000000FFFF00000100007F:1F91'],
    ['fe80::1:2%eth0', 1, '000080FE000000000000000002000100:0001'],
    ['2001:db8:1:2:3:4:5:6', 9, 'B80D0120020001000400030006000500:0009'],
  ])('%s %i', (address, port, formatted) => {
    expect(formatEnd({ address, port })).toBe(formatted)
  })
})
