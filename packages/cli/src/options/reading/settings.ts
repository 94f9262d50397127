/** A wrong configuration or command line: one sentence, exit status 2. */
export class UsageError extends Error {}

/** Values of options by name, from the configuration file and the environment. */
export type Settings = Readonly<Record<string, unknown>>

/** The origin of each given option, by its name: `--count`, `ZCAST_COUNT`, `"publish.count" in zcast.json`. */
export type Origins = Readonly<Record<string, string>>
