import { describe, expect, test } from '@jest/globals'
import { mayKnowKitty, terminalMode } from '../../../../src/sinks/terminal/terminal-mode.ts'

describe('what the environment says a terminal can do', () => {
  test.each([
    [{}, 'plain'],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 'plain'],
    [{ TERM: 'xterm-kitty', NO_COLOR: '1' }, 'ascii'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, '256'],
    [{ TERM: 'xterm-256color', LANG: 'de_DE.ISO-8859-1' }, 'ascii'],
    [{ TERM: 'xterm-256color', LANG: 'de_DE.ISO-8859-1', LC_ALL: 'de_DE.UTF-8' }, '256'],
    [{ TERM: 'xterm-256color', LANG: 'C' }, '256'],
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'truecolor'],
    [{ TERM: 'xterm-256color', COLORTERM: '24bit' }, 'truecolor'],
    [{ TERM: 'xterm-direct' }, 'truecolor'],
    [{ TERM: 'alacritty' }, 'truecolor'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, 'truecolor'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, '256'],
    [{ TERM: 'xterm-kitty' }, 'kitty'],
    [{ TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }, 'kitty'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }, 'kitty'],
    [{ TERM: 'xterm-ghostty', TERM_PROGRAM: 'ghostty' }, 'kitty'],
    [{ TERM: 'tmux-256color', TMUX: '/tmp/s', KITTY_WINDOW_ID: '1' }, 'truecolor'],
    [{ TERM: 'screen-256color', KITTY_WINDOW_ID: '1' }, '256'],
    [{ TERM: 'vt100' }, 'ascii'],
    [{ TERM: 'xterm', NO_COLOR: '1' }, 'ascii'],
    [{ WT_SESSION: 'x' }, 'truecolor'],
  ])('%j is %s', (environment, mode) => {
    expect(terminalMode(environment, () => 0)).toBe(mode)
  })

  test.each([
    ['xterm', 8, '256'],
    ['linux', 8, '256'],
    ['screen', 256, '256'],
    ['vt220', 0, 'ascii'],
    ['xterm-mono', 0, 'ascii'],
    ['xterm', undefined, '256'],
    ['linux', undefined, '256'],
    ['screen.xterm', undefined, '256'],
    ['vt100', undefined, 'ascii'],
    ['adm3a', undefined, 'ascii'],
  ])('%s of %p colours is %s', (TERM, colours, mode) => {
    expect(terminalMode({ TERM }, () => colours)).toBe(mode)
  })

  test('a terminal without colours, and the Linux console, is not asked for graphics', () => {
    expect(mayKnowKitty({ TERM: 'xterm-256color' }, '256')).toBe(true)
    expect(mayKnowKitty({ TERM: 'linux' }, 'truecolor')).toBe(false)
    expect(mayKnowKitty({ TERM: 'xterm-256color', NO_COLOR: '1' }, 'ascii')).toBe(false)
  })
})
