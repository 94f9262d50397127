import type { Plan } from '../../command.ts'

/** Reads and checks the options of `zcast devices`. */
export function planDevices(): Plan {
  return {
    role: undefined,
    run: async (context) => {
      const { output, json } = context
      const { listDevices } = await import('@zcast/media')
      const found = await listDevices()
      if (json) output.write(`${JSON.stringify(found)}\n`)
      else if (found.length === 0) context.status('no camera, screen or microphone was found')
      else for (const { source, name } of found) output.write(`${source.padEnd(24)} ${name}\n`)
    },
  }
}
