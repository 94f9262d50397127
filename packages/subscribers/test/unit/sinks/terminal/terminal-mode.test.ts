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
    [{ TERM: 'linux' }, 'ascii'],
    [{ TERM: 'vt100' }, 'ascii'],
    [{ WT_SESSION: 'x' }, 'truecolor'],
  ])('%j is %s', (environment, mode) => {
    expect(terminalMode(environment)).toBe(mode)
  })

  test('a terminal without colours, and the Linux console, is not asked for graphics', () => {
    expect(mayKnowKitty({ TERM: 'xterm-256color' }, '256')).toBe(true)
    expect(mayKnowKitty({ TERM: 'linux' }, 'truecolor')).toBe(false)
    expect(mayKnowKitty({ TERM: 'xterm-256color', NO_COLOR: '1' }, 'ascii')).toBe(false)
  })
})
