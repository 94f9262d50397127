export {
  ffmpeg,
  frameNumber,
  generateClip,
  generateDetailedClip,
  realClip,
  type ClipOptions,
} from '@zcast/testing/pictures/generate-clip'
