export {
  ffmpeg,
  frameNumber,
  generateClip,
  generateDetailedClip,
  realClip,
  type ClipOptions,
} from '../../../shared/test/integration/media/generate-clip.ts'
