/**
 * The environment of the programs that zcast starts: that of this process without zcast's own variables, which hold
 * tokens and the addresses of cameras, passwords included.
 *
 * @param added - Variables to add. Default none.
 * @param environment - Default `process.env`.
 */
export function childEnvironment(
  added: Readonly<Record<string, string>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^ZCAST_/i.test(name))
  return { ...Object.fromEntries(kept), ...added }
}
