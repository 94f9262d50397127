/** The configuration or the command line is wrong: one sentence, exit status 2. */
export class UsageError extends Error {}

/** Values of options by name, from the configuration file and the environment. */
export type Settings = Readonly<Record<string, unknown>>

/** Where each given option came from, by its name: `--count`, `ZCAST_COUNT`, `"publish.count" in zcast.json`. */
export type Origins = Readonly<Record<string, string>>
