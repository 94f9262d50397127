/** Values of one moment, each with its name. */
export interface NamedValues {
  readonly names: readonly string[]
  /** As many; NaN stands for a missing one. */
  readonly values: readonly number[]
  /** As many; `undefined` where nothing is said of a unit. */
  readonly units?: readonly (string | undefined)[] | undefined
  /** Seconds. Default: unknown. */
  readonly time?: number | undefined
  /** True where `time` counts from anything but the Unix epoch. */
  readonly isElapsed?: boolean | undefined
}

/** One way to write values with their names in a line. */
export interface NamedFormat {
  /** For people, such as `JSON objects`. */
  readonly title: string
  /**
   * Reads a line without blanks at its ends.
   *
   * @returns What is wrong, in a clause; `undefined` for a line that is not of this form.
   */
  read(text: string): readonly NamedValues[] | string | undefined
}
