import type { IncomingMessage, ServerResponse } from "node:http";
import type { Host } from "../host/host.ts";
import type { Serving } from "../host/serving.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { GuessLimit } from "./admin/guess-limit.ts";
import type { AgentRegistry } from "./agents/agent-registry.ts";
import type { ClientLoad, CountedRequest } from "./clients/client-load.ts";
import type { Clients } from "./clients/clients.ts";
import type { ServedClient } from "./clients/served-client.ts";
import type { RequestCount } from "./listener/request-count.ts";
import type { ServerWorker } from "./runs/server-worker.ts";

/** Parts that the routes share. */
export interface ServeContext {
	readonly host: Host;
	readonly logger: Logger;
	readonly clients: Clients;
	/** Requests in progress by client. */
	readonly load: ClientLoad;
	readonly agents: AgentRegistry;
	/** Runs submitted runs. */
	readonly worker: ServerWorker;
	readonly requests: RequestCount;
	/** Returns the present configuration of the server. */
	readonly settings: () => Serving;
	/** Aborted when the server closes: what is still in progress ends then. */
	readonly signal: AbortSignal;
	/** Aborted at the begin of the drain: streams that have no end of their own end then. */
	readonly draining: AbortSignal;
	/** Wrong keys of the admin API. */
	readonly guesses: GuessLimit;
	/** Returns true from the begin of the drain. */
	readonly isDraining: () => boolean;
	/** True if backends and traffic are simulated. The page says so. */
	readonly isDemo: boolean;
	/** Returns milliseconds of a clock that never goes back. */
	readonly now: () => number;
}

/** Types of the server's Hono application. */
export interface ServeEnv {
	/** Request and response of Node, when Node's server called. Absent when the server is mounted in another one. */
	Bindings: { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse };
	Variables: {
		/** Unique id of the request, in the answer's `x-request-id` and in the log. Also the id of the first request to a backend. */
		requestId: string;
		/** Set by `authenticated`. */
		client: ServedClient;
		/** Set by `authenticated`. Counts bytes of the body before they are held. */
		chargeBody: CountedRequest["chargeBody"];
	};
}
