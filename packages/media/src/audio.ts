/** Sound in and out, by ffmpeg. A subpath export of its own, so that whoever has no pictures does not load sharp. */
export { writeAacFile } from './audio/aac-file.ts'
export { microphoneInput } from './audio/microphone.ts'
export { OpusSound } from './audio/opus-decoder.ts'
export { OpusEncoder, type OpusPacket } from './audio/opus-encoder.ts'
export { fileSound, openPcm, type PcmFormat, type PcmOptions, STREAM_SOUND } from './audio/pcm-stream.ts'
export { probeSound, type SoundInfo } from './audio/probe-sound.ts'
export { SoundPlayer, type SoundPlayerOptions } from './audio/sound-player.ts'
export { UNKNOWN_LENGTH, WAV_HEADER_BYTES, wavHeader } from './audio/wav-header.ts'
