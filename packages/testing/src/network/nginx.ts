import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-ports.ts'

const run = promisify(execFile)

/** How nginx is set up. */
export interface NginxOptions {
  /** The `location` blocks. */
  readonly locations: string
  /** Speak TLS, with a certificate of its own making. Default false. */
  readonly tls?: boolean
}

interface Nginx {
  readonly child: ChildProcess
  readonly folder: string
}

const started: Nginx[] = []

/** The lines that let a WebSocket through and keep what the browser said, as docs/proxies.md has them. */
export const PASS_ALL = `
  proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection "upgrade";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-Proto $scheme;`

/** Whether a test can use nginx; says why not where it cannot. */
export async function hasNginx(): Promise<boolean> {
  try {
    await Promise.all([run('nginx', ['-v']), run('openssl', ['version'])])
    return true
  } catch {
    console.warn('skipped: nginx and openssl are needed (apt install nginx-light openssl)')
    return false
  }
}

/** Starts nginx on a free port. @returns `http://127.0.0.1:PORT`, or https. */
export async function startNginx({ locations, tls = false }: NginxOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'zcast-nginx-'))
  const port = await freePort()
  if (tls) await makeCertificate(folder)
  const certificate = tls ? `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;` : ''
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  await writeFile(
    join(folder, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log stderr crit;
    events {}
    http { access_log off; ${paths.join(' ')}
      server { listen 127.0.0.1:${port}${tls ? ' ssl' : ''}; ${certificate} ${locations} } }`,
  )
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.push({ child, folder })
  const address = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  await untilListening(child, port)
  return address
}

/** Ends every nginx that was started; for `afterEach`. */
export async function stopNginx(): Promise<void> {
  for (const { child, folder } of started.splice(0)) {
    const ended = child.exitCode === null ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}

async function makeCertificate(folder: string): Promise<void> {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await run('openssl', ['req', '-x509', ...key, '-days', '2', '-subj', '/CN=localhost', ...files])
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nginx ended with status ${child.exitCode}`)
}
