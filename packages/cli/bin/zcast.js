#!/usr/bin/env node

/** Where fewer files may be open, Node.js says in many ways that it cannot load a module, or that it is not there. */
const ENOUGH_FILES = 256

try {
  await import('../dist/start.js')
} catch (error) {
  const isFull = error?.code === 'EMFILE' || error?.code === 'ENFILE'
  const { soft } = process.report.getReport().userLimits?.open_files ?? {}
  if (!isFull && !(soft < ENOUGH_FILES)) throw error
  process.stderr.write(
    `zcast: this process may open too few files (${soft}) to load its own; allow it more with ulimit -n ${ENOUGH_FILES}\n`,
  )
  process.exit(1)
}
