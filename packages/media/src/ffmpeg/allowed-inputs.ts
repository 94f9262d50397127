import { resolve } from 'node:path'
import { SourceError } from '@zcast/shared'
import type { CaptureInput } from '../capture/capture-inputs.ts'

// Every way into ffmpeg is listed here, with the only formats (demuxers), protocols and decoders that it may use: some
// formats are lists of further files, and many more are read by code that nobody has looked at for years. ffmpeg
// ignores names it does not know.

const VIDEO_FORMATS = [
  'mov matroska avi mpegts mpeg mpegvideo flv ogg asf mxf gxf dv nut rm wtv ivf yuv4mpegpipe',
  'h264 hevc vvc obu av1 m4v h261 h263 vc1 mjpeg mpjpeg gif apng',
]
const PICTURE_FORMATS = [
  'png_pipe jpeg_pipe webp_pipe gif_pipe bmp_pipe tiff_pipe j2k_pipe jpegls_pipe jpegxl_pipe jpegxl_anim qoi_pipe',
  'ppm_pipe pgm_pipe pbm_pipe pam_pipe dpx_pipe exr_pipe',
]
const SEGMENT_FORMATS = ['mpegts mov aac mp3 ac3 eac3 webvtt']

const DECODERS = [
  'h264 libopenh264 hevc vvc av1 libdav1d libaom-av1 libgav1 vp8 libvpx vp9 libvpx-vp9',
  'mpeg1video mpeg2video mpegvideo mpeg4 msmpeg4v1 msmpeg4v2 msmpeg4 h261 h263 h263i h263p flv vp3 theora vp6 vp6f vp6a',
  'wmv1 wmv2 wmv3 vc1 rv10 rv20 rv30 rv40 svq1 svq3 cinepak indeo3 indeo4 indeo5 msvideo1 msrle rpza smc 8bps qtrle dirac',
  'mjpeg mjpegb prores dnxhd cfhd dvvideo ffv1 huffyuv ffvhuff utvideo magicyuv lagarith hap dxv speedhq',
  'rawvideo v210 v308 v408 v410 r210 r10k y41p yuv4 ayuv zmbv camtasia tscc2 camstudio flashsv flashsv2',
  'png apng gif webp bmp tiff jpeg2000 libopenjpeg jpegls jpegxl jpegxl_anim libjxl libjxl_anim qoi ppm pgm pbm pam dpx exr',
]

const SOUND_FORMATS = [
  'wav w64 aiff caf au mp3 aac flac ogg ac3 eac3 amr amrnb amrwb ape tta wv mpc mpc8 dsf dts dtshd mlp truehd gsm voc tak',
  // Sound that lies in videos.
  'mov matroska avi mpegts mpeg flv asf mxf gxf dv nut rm wtv',
]

const SOUND_DECODERS = [
  'mp3float mp3 mp2float mp2 mp1float mp1 aac aac_latm ac3 eac3 dca truehd mlp vorbis libvorbis opus libopus libspeex speex',
  'flac alac ape tta wavpack tak shorten mpc7 mpc8 wmav1 wmav2 wmapro wmalossless wmavoice cook ra_144 real_144 real_288 ralf',
  'amrnb amrwb libopencore_amrnb libopencore_amrwb gsm gsm_ms libgsm adpcm_ima_wav adpcm_ima_qt adpcm_ms adpcm_swf adpcm_yamaha',
  'g722 g726 dvaudio nellymoser qdm2 qdmc mace3 mace6 dsd_lsbf dsd_msbf dsd_lsbf_planar dsd_msbf_planar s302m',
  'pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_s64le pcm_u8 pcm_s8 pcm_u16le pcm_u16be pcm_u24le pcm_u32le',
  'pcm_f32le pcm_f32be pcm_f64le pcm_f64be pcm_alaw pcm_mulaw pcm_bluray pcm_dvd pcm_s16be_planar pcm_s16le_planar pcm_lxf',
]

/** Options before `-i` of {@link localInput}. JPEG files are recognised by their names only, through image2. */
export const LOCAL_INPUT_OPTIONS: readonly string[] = allow(
  ['file'],
  [...VIDEO_FORMATS, ...PICTURE_FORMATS, 'image2'],
)

/** The same for the sound in a file, whose pictures are not decoded then. */
export const LOCAL_SOUND_OPTIONS: readonly string[] = allow(['file'], SOUND_FORMATS, SOUND_DECODERS)

/** Bytes on ffmpeg's standard input, of which the sound is wanted. */
export const SOUND_STREAM_INPUT: CaptureInput = {
  input: 'pipe:0',
  inputOptions: allow(['pipe'], SOUND_FORMATS, SOUND_DECODERS),
}

/** Bytes on ffmpeg's standard input. */
export const STREAM_INPUT: CaptureInput = {
  input: 'pipe:0',
  inputOptions: allow(['pipe'], [...VIDEO_FORMATS, ...PICTURE_FORMATS]),
}

/** The same for a format that is read twice: ffmpeg keeps the bytes in an unnamed temporary file. */
export const KEPT_STREAM_INPUT: CaptureInput = {
  input: 'cache:pipe:0',
  inputOptions: allow(['cache', 'pipe'], [...VIDEO_FORMATS, ...PICTURE_FORMATS]),
}

// URLs are given in a list that is written to ffmpeg's standard input: its arguments are visible to every user.
const LIST = ['-f', 'concat', '-safe', '0']

/** A list with the URL of one HLS playlist: the files it names come from the network, and from nowhere else. */
export const LISTED_PLAYLIST_INPUT: CaptureInput = {
  input: 'pipe:0',
  inputOptions: [
    ...allow(['pipe', 'http', 'https', 'tcp', 'tls', 'crypto'], ['concat', 'hls', ...SEGMENT_FORMATS]),
    ...LIST,
  ],
}

/** A list with one rtsp:// URL. */
export const LISTED_RTSP_INPUT: CaptureInput = {
  input: 'pipe:0',
  inputOptions: [...allow(['pipe', 'rtsp', 'rtp', 'tcp', 'udp'], ['concat', 'rtsp']), ...LIST],
}

/** The same options, to read the sound beside the pictures too. */
export function alsoSound(inputOptions: readonly string[]): string[] {
  return inputOptions.map((option) =>
    option === list(DECODERS) ? list([...DECODERS, ...SOUND_DECODERS]) : option,
  )
}

/** At this length and above, ffmpeg does not look for a counter in a name such as `img%03d.png`. */
const LITERAL_LENGTH = 1024

/** Names that image2 turns into those of other files: wildcards, or one file per plane. */
const NAMES_OTHERS = process.platform === 'win32' ? /%[\d*?[\]{}d]|\.y$/i : /%[*?[\]{}]|\.y$/i

/**
 * The argument of `-i` for a local file, whatever its name: `-x`, `a:b` and `%d` are ordinary names.
 *
 * @throws {@link SourceError} `ERR_SOURCE_UNREADABLE` for the few names that ffmpeg always interprets.
 */
export function localInput(path: string): string {
  const absolute = resolve(path)
  if (NAMES_OTHERS.test(absolute)) {
    throw new SourceError(
      'ERR_SOURCE_UNREADABLE',
      `ffmpeg would read other files for the name "${path}": rename it`,
    )
  }
  return absolute.includes('%') ? `file:${'/.'.repeat(LITERAL_LENGTH / 2)}${absolute}` : `file:${absolute}`
}

function allow(
  protocols: readonly string[],
  formats: readonly string[],
  decoders: readonly string[] = DECODERS,
): string[] {
  return [
    '-protocol_whitelist',
    protocols.join(','),
    '-format_whitelist',
    list(formats),
    '-codec_whitelist',
    list(decoders),
  ]
}

function list(names: readonly string[]): string {
  return names.join(' ').replaceAll(' ', ',')
}

const REFUSED_FORMAT = /^\[(\w+)[^\]]*\] Format not on whitelist /
const REFUSED_DECODER = /\] Codec \(([\w-]+)\) not on whitelist /
const LISTS = new Set(['concat', 'concatf', 'dash', 'imf', 'sdp', 'vobsub'])

const SOUND = new Set(['mp3', 'wav', 'flac', 'aac', 'ac3', 'aiff', 'amr', 'caf'])

/** The reason, as a clause, why ffmpeg was not allowed to read its input; `undefined` when that was not the reason. */
export function refusalReason(lines: readonly string[]): string | undefined {
  const format = lines.map((line) => REFUSED_FORMAT.exec(line)?.[1]).find((name) => name !== undefined)
  if (format !== undefined) return describeFormat(format)
  // Sound is not decoded, and its decoder is refused as a matter of course: only a refusal followed by a failure
  // matters.
  const failed = lines.findIndex((line) => line.includes('Error while opening decoder'))
  const decoder = lines.slice(0, Math.max(0, failed)).findLast((line) => REFUSED_DECODER.test(line))
  return decoder && `its codec, ${REFUSED_DECODER.exec(decoder)?.[1]}, is not one that zcast reads`
}

function describeFormat(format: string): string {
  if (format === 'hls') return 'it is a playlist, which is read from http:// and https:// only'
  if (SOUND.has(format)) return 'it is sound, without pictures'
  if (LISTS.has(format)) return `it is a list of other files (${format}), which is not read`
  return `its format, ${format}, is not one that zcast reads`
}
