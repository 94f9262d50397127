import type { DecimalSign } from '../parse-number.ts'
import type { Separator } from '../quoted-cells.ts'

/** How numbers are to be read, where that is not to be found out by looking. */
export interface NumbersFormat {
  /**
   * The names of the columns. Of a table with a heading those columns are taken if it has all of them, else they get
   * these names. Default: as the input says.
   */
  readonly columns?: readonly string[] | undefined
  /** The column of times: its name, its number from 1 on, or `none`. Default: the first that holds times. */
  readonly timeColumn?: string | undefined
  /** What stands between the cells. Default: found out for each line. */
  readonly separator?: Separator | undefined
  /** What stands before decimals. Default: a point, or a comma where the separator leaves no doubt. */
  readonly decimal?: DecimalSign | undefined
}
