/** The HTTP server: `spear-hostcall/serve`. */
export type { ServerAddress } from "./serve/listener/http-listener.ts";
export { createServer, type ListenOptions, type ServerOptions, type SpearServer } from "./serve/server.ts";
