import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Program } from './program.ts'

/** Programs that others write: in `benchmarks/peers/`, run where what they need is there. */
export interface Peers {
  /** Why a Python peer cannot run, if it cannot. */
  readonly pythonMissing: string | undefined
  readonly opencvMissing: string | undefined
  readonly cMissing: string | undefined
  readonly gstreamerMissing: string | undefined
  /** What was found, with versions. */
  readonly versions: Readonly<Record<string, string>>
  python(script: string, ...args: (string | number)[]): Program
  /** What starts a script. */
  pythonCommand(script: string, ...args: (string | number)[]): (string | number)[]
  c(program: string, ...args: (string | number)[]): Program
}

const SOURCES = fileURLToPath(new URL('../peers/', import.meta.url))

const C_PROGRAMS = ['numbers_publisher', 'numbers_subscriber', 'frames_publisher', 'zmq_relay']

/** Looks for what the peers need, and compiles those in C. */
export function findPeers(directory: string): Peers {
  const python = ['/usr/bin/python3', 'python3'].find(
    (path) => ask(path, '-c', 'import zmq, numpy, msgpack') !== undefined,
  )
  const versions: Record<string, string> = {}
  const pyzmq = python && ask(python, '-c', 'import zmq; print(zmq.__version__, "libzmq", zmq.zmq_version())')
  if (pyzmq !== undefined) versions['PyZMQ'] = pyzmq
  const opencv = python && ask(python, '-c', 'import cv2; print(cv2.__version__)')
  if (opencv !== undefined) versions['OpenCV'] = opencv
  const gstreamer = ask('gst-launch-1.0', '--version')?.split('\n')[0]
  if (gstreamer !== undefined) versions['GStreamer'] = gstreamer.replace(/^.*version /, '')
  const pythonCommand: Peers['pythonCommand'] = (script, ...args) => [
    python ?? 'python3',
    join(SOURCES, `${script}.py`),
    ...args,
  ]
  const cMissing = compile(directory)
  const compiler = cMissing === undefined ? ask('gcc', '-dumpfullversion') : undefined
  if (compiler !== undefined) versions['gcc'] = compiler
  return {
    pythonMissing: python === undefined ? 'needs Python with pyzmq, numpy and msgpack' : undefined,
    opencvMissing: opencv === undefined ? 'needs Python with pyzmq and OpenCV' : undefined,
    cMissing,
    gstreamerMissing: gstreamer === undefined ? 'needs gst-launch-1.0' : undefined,
    versions,
    python: (script, ...args) => Program.launch(pythonCommand(script, ...args)),
    pythonCommand,
    c: (program, ...args) => new Program(join(directory, program), args),
  }
}

function compile(directory: string): string | undefined {
  for (const program of C_PROGRAMS) {
    const output = join(directory, program)
    ask('gcc', '-O2', '-o', output, join(SOURCES, `${program}.c`), '-lzmq')
    if (!existsSync(output)) return 'needs gcc and the headers of libzmq'
  }
  return undefined
}

/** What a command prints, or nothing where there is none or it fails. */
function ask(command: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}
