export {
  ffmpeg,
  frameNumber,
  generateClip,
  realClip,
  type ClipOptions,
} from '../../../shared/test/integration/media/generate-clip.ts'
