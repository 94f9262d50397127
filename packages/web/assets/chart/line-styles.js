import { makeDrawing } from '../page/elements.js'

/**
 * How lines are told apart: by twenty colours of each scheme, and from there on by dashes too. The colours were searched
 * for the greatest distance between any two, as most people see them and as those see them who are blind to red or green;
 * each stands out from the ground by 3:1.
 */

// prettier-ignore
export const PALETTES = {
  dark: [
    '#5cbefe', '#fae91d', '#ed458a', '#66c61f', '#fda19b', '#9634e7', '#49fbd7', '#8f700f', '#a87db1', '#2a8672',
    '#e44be4', '#5372b5', '#9aaa69', '#f686dd', '#dcc771', '#8688fe', '#ae459a', '#3acfb1', '#529c20', '#be5962',
  ],
  light: [
    '#296ec3', '#996f18', '#9a2775', '#3d8a56', '#fd1133', '#1a038a', '#a344f5', '#580c02', '#a775a5', '#374e10',
    '#5b0fd3', '#c806ad', '#055d7e', '#89493d', '#de4a84', '#443485', '#5a025b', '#7b15a6', '#6a2e43', '#6c579d',
  ],
}
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]]

/** As many lines as the server sends at once. */
export const MAX_LINES = 32

const scheme = globalThis.matchMedia?.('(prefers-color-scheme: light)')

/** The colour of a line, in the scheme of the page. @param {number} line Counted from 0. @returns {string} */
export function colourOf(line) {
  const palette = scheme?.matches ? PALETTES.light : PALETTES.dark
  return palette[line % palette.length]
}

/** Its dashes and the gaps between, in pixels; none for a line without gaps. @param {number} line Counted from 0. @returns {readonly number[]} */
export function dashesOf(line) {
  return DASHES[Math.floor(line / PALETTES.dark.length) % DASHES.length]
}

/** Calls the listener when the person changes the scheme. @param {() => void} listener */
export function onSchemeChange(listener) {
  scheme?.addEventListener('change', listener)
}

/** A short piece of a line, for a legend. @param {number} line Counted from 0. */
export function makeSwatch(line) {
  const swatch = makeDrawing('svg', { viewBox: '0 0 22 8', class: 'swatch', 'aria-hidden': 'true' })
  const stroke = { stroke: colourOf(line), 'stroke-dasharray': dashesOf(line).join(' ') || 'none' }
  swatch.append(makeDrawing('path', { d: 'M0 4h22', ...stroke }))
  return swatch
}
