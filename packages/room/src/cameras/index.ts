export { Cameras } from './cameras.ts'
export type { CaptureMessage } from './capture-channel.ts'
