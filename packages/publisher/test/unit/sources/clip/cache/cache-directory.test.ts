import { describe, expect, test } from '@jest/globals'
import { join } from 'node:path'
import { cacheDirectory } from '../../../../../src/sources/clip/cache/cache-directory.ts'

const home = join('/home', 'ada')
const under = (platform: NodeJS.Platform, variables: Record<string, string>): string =>
  cacheDirectory({ platform, variables, home })

describe('cacheDirectory', () => {
  test('follows each system', () => {
    expect(under('linux', {})).toBe(join(home, '.cache', 'zcast', 'clips'))
    expect(under('linux', { XDG_CACHE_HOME: '/big' })).toBe(join('/big', 'zcast', 'clips'))
    expect(under('darwin', {})).toBe(join(home, 'Library', 'Caches', 'zcast', 'clips'))
    expect(under('win32', { LOCALAPPDATA: '/local' })).toBe(join('/local', 'zcast', 'clips'))
  })

  test('a relative or empty XDG_CACHE_HOME is ignored, as its specification says', () => {
    for (const value of ['', 'cache', './cache']) {
      expect(under('linux', { XDG_CACHE_HOME: value })).toBe(join(home, '.cache', 'zcast', 'clips'))
    }
  })
})
