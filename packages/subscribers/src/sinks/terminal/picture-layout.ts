/** The position of a picture on the screen, in cells counted from 0. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly columns: number
  readonly rows: number
}

/** The default width of a cell divided by its height: most fonts are twice as high as wide. */
export const USUAL_CELL_ASPECT = 0.5

/**
 * The largest box with a picture's shape in an area of cells, centred.
 *
 * @param picture - Width and height in pixels.
 * @param area - Columns and rows available, each at least 1.
 * @param cellAspect - A cell's width divided by its height.
 */
export function fitPicture(
  picture: { readonly width: number; readonly height: number },
  area: { readonly columns: number; readonly rows: number },
  cellAspect: number,
): Box {
  const columnsPerRow = picture.width / picture.height / cellAspect
  const columns = clamp(Math.round(area.rows * columnsPerRow), area.columns)
  const rows = clamp(Math.round(columns / columnsPerRow), area.rows)
  const left = Math.trunc((area.columns - columns) / 2)
  return { left, top: Math.trunc((area.rows - rows) / 2), columns, rows }
}

function clamp(value: number, most: number): number {
  return Math.max(1, Math.min(value, most))
}
