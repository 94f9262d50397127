/**
 * libjpeg's quality to ffmpeg's `-q:v`: the first row whose quality is not above the one asked for.
 *
 * Measured over vtest.avi 768x576 and car-detection.mp4 768x432 with ffmpeg 4.1 and sharp 0.35, luma PSNR in dB against
 * the clip decoded to RGB (sharp first, then `-q:v`):
 *
 * | quality | vtest         | car-detection | -q:v |
 * | ------- | ------------- | ------------- | ---- |
 * | 10      | 29.21 / 29.58 | 36.68 / 39.57 | 31   |
 * | 20      | 31.75 / 31.81 | 41.13 / 41.97 | 18   |
 * | 30      | 33.35 / 32.97 | 43.11 / 43.10 | 14   |
 * | 40      | 34.46 / 34.63 | 44.49 / 44.56 | 10   |
 * | 50      | 35.41 / 35.67 | 45.50 / 45.40 | 8    |
 * | 60      | 36.38 / 36.52 | 46.21 / 46.03 | 7    |
 * | 70      | 37.70 / 38.81 | 47.34 / 47.42 | 5    |
 * | 80      | 39.66 / 42.00 | 49.00 / 49.32 | 3    |
 * | 85      | 41.24 / 42.00 | 50.07 / 49.32 | 3    |
 * | 90      | 43.63 / 44.80 | 51.61 / 50.70 | 2    |
 * | 95      | 47.47 / 48.12 | 53.90 / 52.58 | 1    |
 * | 100     | 54.35 / 48.12 | 57.36 / 52.58 | 1    |
 *
 * ffmpeg's files are 10 to 20 % smaller at the same figure; there is nothing finer than 1, nor coarser than 31.
 */
const TABLE: readonly (readonly [quality: number, scale: number])[] = [
  [94, 1],
  [87, 2],
  [80, 3],
  [74, 4],
  [68, 5],
  [63, 6],
  [56, 7],
  [49, 8],
  [44, 9],
  [38, 10],
  [33, 12],
  [27, 14],
  [22, 16],
  [17, 18],
  [14, 24],
]

/**
 * The scale of ffmpeg's MJPEG encoder that gives a picture like libjpeg's at the same quality.
 *
 * @param quality - 1 to 100, as `--quality` means it.
 * @returns 1 (best) to 31, for `-q:v`; below 2 it needs `-qmin 1`.
 */
export function ffmpegQuality(quality: number): number {
  return TABLE.find(([from]) => quality >= from)?.[1] ?? 31
}
