/** How a page calls a server: what has none in its name, such as an operation of a user's own client, is kept together. */
export const serverName = (server: string): string => (server === "" ? "(other)" : server);
