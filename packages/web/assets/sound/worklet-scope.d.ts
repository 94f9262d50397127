/** What the scripts of an audio worklet find; TypeScript has no library for it. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare const sampleRate: number
declare const currentTime: number
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void
