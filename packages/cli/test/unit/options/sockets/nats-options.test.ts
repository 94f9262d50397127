import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Arguments } from '../../../../src/options/reading/arguments.ts'
import { planNats } from '../../../../src/options/sockets/nats-options.ts'

describe('a file that NATS options name', () => {
  const plan = (name: string, path: string) => () => planNats(new Arguments({ [name]: path }))

  test('may be any regular one', () => {
    expect(planNats(new Arguments({ 'nats-creds': import.meta.filename })).credentialsFile).toBe(
      import.meta.filename,
    )
  })

  test.each([
    ['a folder', tmpdir()],
    // As /dev/stdin and what a shell makes of <(pass show nats).
    ...(process.platform === 'win32' ? [] : [['what gives its bytes once', '/dev/null']]),
  ])('is refused when it is %s, since it is read more than once', (_, path = '') => {
    for (const name of ['nats-creds', 'nats-ca'])
      expect(plan(name, path)).toThrow(
        `${path}, which ${name} names, must be a regular file, no folder or pipe: it is read again for each connection`,
      )
  })

  test('is refused when it is not there', () => {
    const path = join(import.meta.dirname, 'none.creds')
    expect(plan('nats-creds', path)).toThrow(
      `cannot read the file ${path} that nats-creds names: check its path and permissions`,
    )
  })
})
