/** The port of the dashboard's page; that of viewer N is N higher. */
export const PAGE_PORT = 8080

/** The port of the page of a room. */
export const ROOM_PORT = 8090

/** The highest number of a viewer. */
export const MAX_VIEWER = 999

/** The port at which Foxglove and programs like it look for a server. */
export const FOXGLOVE_PORT = 8765
