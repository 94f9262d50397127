/** The channel of the page, on which people join. */
export const ROOM_PATH = '/room'
