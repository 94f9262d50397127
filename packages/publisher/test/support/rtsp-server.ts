import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PYTHON = '/usr/bin/python3'
const SCRIPT = fileURLToPath(new URL('./rtsp-server.py', import.meta.url))
const PARTS =
  'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import Gst, GstRtspServer; ' +
  'Gst.init(None); assert Gst.ElementFactory.find("rtpjpegpay") and Gst.ElementFactory.find("jpegenc") and ' +
  'Gst.ElementFactory.find("rtppcmupay") and Gst.ElementFactory.find("mulawenc")'

/** Why no RTSP server can be had here; `undefined` where one can. */
export const whyNoRtspServer =
  spawnSync(PYTHON, ['-c', PARTS], { stdio: 'ignore' }).status === 0
    ? undefined
    : "GStreamer's RTSP server is not installed"

/** A camera over RTSP in a process of its own. */
export interface RtspServer {
  readonly port: number
  readonly url: URL
  /** Kills it: nothing is said to those who watch. */
  kill(): Promise<void>
}

/** Starts a camera over RTSP. @param port - Default: one that is free. */
export async function startRtspServer(port = 0, hasSound = false): Promise<RtspServer> {
  const server = spawn(PYTHON, [SCRIPT, String(port), ...(hasSound ? ['sound'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(server, 'exit')
  const [text] = (await Promise.race([once(server.stdout, 'data'), exited])) as [Buffer | number | null]
  const bound = Number(text?.toString())
  if (!(bound > 0)) throw new Error('the RTSP server has not started')
  return {
    port: bound,
    url: new URL(`rtsp://127.0.0.1:${bound}/door`),
    kill: async () => {
      server.kill('SIGKILL')
      await exited
    },
  }
}
