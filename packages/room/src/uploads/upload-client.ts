import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** The library that uploads from the browser, https://github.com/tus/tus-js-client, as a file for pages. */
export const UPLOAD_CLIENT = pathToFileURL(
  createRequire(import.meta.url).resolve('tus-js-client/dist/tus.min.js'),
)
