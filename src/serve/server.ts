import { isLoopback } from "../config/serve-settings.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { Host } from "../host/host.ts";
import { systemClock } from "../time/clock.ts";
import { GuessLimit } from "./admin/guess-limit.ts";
import { AgentRegistry } from "./agents/agent-registry.ts";
import { streamsRoute } from "./agents/streams-route.ts";
import { createApp } from "./app.ts";
import { ClientLoad } from "./clients/client-load.ts";
import { Clients } from "./clients/clients.ts";
import type { Hono } from "./hono.ts";
import { HttpListener, type ServerAddress } from "./listener/http-listener.ts";
import { RequestCount } from "./listener/request-count.ts";
import { realtimeRoute } from "./realtime/realtime-route.ts";
import { ServerWorker } from "./runs/server-worker.ts";
import type { ServeContext, ServeEnv } from "./serve-context.ts";
import { Upgrades } from "./websocket/upgrades.ts";

/**
 * The HTTP server of a host: agents, the OpenAI-compatible front, the admin API and the operator's page.
 *
 * ```ts
 * const host = await createHost({ config: "spear.toml" });
 * const server = createServer(host);
 * const { url } = await server.listen();
 * ```
 */
export interface SpearServer {
	/** Answers one request, for a server of the embedder's own. The bounds on slow clients hold where `env` has `incoming` and `outgoing` of Node. */
	fetch(request: Request, env?: ServeEnv["Bindings"]): Promise<Response>;
	/**
	 * Listens on the address of `[server]`, or on the given one, when the agents are loaded.
	 *
	 * @throws SpearError `invalid_request` for an address or a certificate that cannot be used.
	 */
	listen(address?: ListenOptions): Promise<ServerAddress>;
	/**
	 * Stops in order: accepts nothing new, waits for the requests in progress, at most for `drain_ms`, then cancels the rest. The host stays. Safe to
	 * call twice.
	 *
	 * @param options `drainMs`: longest wait, in milliseconds. The default is that of the configuration; 0 cancels at once.
	 * @returns Number of requests that were cancelled.
	 */
	close(options?: { readonly drainMs?: number }): Promise<number>;
}

/** Address in place of that of the configuration. */
export interface ListenOptions {
	readonly host?: string;
	/** 0 for any free port. */
	readonly port?: number;
}

export interface ServerOptions {
	/** Loads the component of an agent again when it changes on disk. The default is false: a reload of the host does. */
	readonly watch?: boolean;
	/** True if backends and traffic of the host are simulated, so that the page says so. The default is false. */
	readonly isDemo?: boolean;
	/**
	 * Runs submitted runs of the agents, from the first submission or `listen` on. The default is true if the host's queue is in the process, and false with
	 * `[cluster]`, because other processes work then.
	 */
	readonly worker?: boolean;
}

/** Creates a server for a host, which may have several. */
export function createServer(host: Host, options: ServerOptions = {}): SpearServer {
	return new RunningServer(host, options);
}

class RunningServer implements SpearServer {
	readonly #context: ServeContext;
	readonly #app: Hono<ServeEnv>;
	readonly #upgrades: Upgrades;
	readonly #requests = new RequestCount();
	readonly #abort = new AbortController();
	readonly #draining = new AbortController();
	readonly #unlisten: () => void;
	readonly #watch: boolean;
	/** Address that other machines reach. Absent on loopback. */
	#publicHost: string | undefined;
	#unwatchTls = (): void => {};
	#listener: HttpListener | undefined;
	#closing: Promise<number> | undefined;

	constructor(host: Host, { watch = false, isDemo = false, worker }: ServerOptions) {
		this.#watch = watch;
		const clients = new Clients(host, host.serving());
		const agents = new AgentRegistry({ host, watch });
		this.#context = {
			host,
			logger: host.logger,
			clients,
			load: new ClientLoad({ settings: () => host.serving(), areSeveral: () => clients.areSeveral }),
			agents,
			worker: new ServerWorker(host, agents, worker),
			requests: this.#requests,
			settings: () => host.serving(),
			signal: this.#abort.signal,
			isDemo,
			draining: this.#draining.signal,
			guesses: new GuessLimit(() => systemClock.now()),
			isDraining: () => this.#closing !== undefined,
			now: () => systemClock.now(),
		};
		this.#context.agents.configure(host.serving().agents);
		this.#warn();
		this.#unlisten = host.onReload(() => this.#reload());
		this.#app = createApp(this.#context);
		this.#upgrades = new Upgrades(this.#context, [realtimeRoute(this.#context), streamsRoute(this.#context)]);
	}

	async fetch(request: Request, env: ServeEnv["Bindings"] = {}): Promise<Response> {
		return this.#app.fetch(request, env);
	}

	async listen(address: ListenOptions = {}): Promise<ServerAddress> {
		const { server } = this.#context.settings();
		const settings = { ...server, ...address };
		if (!isLoopback(settings.host)) {
			if (!this.#context.clients.areKeysNeeded)
				throw new SpearError(
					"invalid_request",
					`${settings.host}: a server that other machines reach needs clients with keys; add [clients.<name>] with key_env, or listen on 127.0.0.1`,
				);
			this.#context.clients.demandKeys();
			this.#publicHost = settings.host;
		}
		await this.#context.agents.settled();
		this.#listener = new HttpListener(settings, {
			fetch: (request, env) => this.#app.fetch(request, env),
			upgrade: (request, socket, head) => this.#upgrades.handle(request, socket, head),
			current: () => this.#context.settings().server,
			logger: this.#context.logger,
		});
		const at = await this.#listener.listen();
		this.#context.worker.start();
		if (this.#watch) this.#unwatchTls = this.#listener.watchTls();
		return at;
	}

	close({ drainMs }: { readonly drainMs?: number } = {}): Promise<number> {
		this.#closing ??= this.#close(drainMs ?? this.#context.settings().server.drainMs);
		return this.#closing;
	}

	async #close(drainMs: number): Promise<number> {
		this.#unlisten();
		this.#unwatchTls();
		this.#draining.abort();
		this.#context.host.cluster?.drain();
		this.#listener?.stopAccepting();
		const { promise: late, resolve } = Promise.withResolvers<void>();
		const cancelTimer = systemClock.after(drainMs, resolve);
		const worked = this.#context.worker.stop(drainMs);
		await Promise.race([this.#requests.none(), late]);
		cancelTimer();
		await worked;
		const cancelled = this.#requests.running;
		this.#abort.abort();
		this.#context.clients.close();
		this.#context.agents.close();
		this.#listener?.closeAll();
		return cancelled;
	}

	#reload(): void {
		this.#context.clients.configure(this.#context.settings());
		this.#context.agents.configure(this.#context.settings().agents);
		this.#listener?.refreshTls();
		this.#warn();
	}

	#warn(): void {
		const { faults, clients } = this.#context.settings();
		for (const fault of faults) this.#context.logger.warn({}, fault);
		if (clients.size === 0 && this.#publicHost !== undefined)
			this.#context.logger.warn(
				{},
				`no clients are left, and other machines reach ${this.#publicHost}: every request is refused; add [clients.<name>] with key_env`,
			);
	}
}
