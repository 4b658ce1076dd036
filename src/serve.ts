/** The HTTP server: `spear-hostcall/serve`. */
import "./runtime/require-node.ts";

export type { ServerAddress } from "./serve/listener/http-listener.ts";
export { createServer, type ListenOptions, type ServerOptions, type SpearServer } from "./serve/server.ts";
