/** Numbers of a message together, missing ones included: as many as 16 MiB of 64-bit floats. */
export const MAX_NUMBERS = 2 ** 21
