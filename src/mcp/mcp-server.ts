import type { JsonObject } from "../../generated/ir/json.ts";
import { abortable } from "../async/abortable.ts";
import { causeChain } from "../errors/cause-chain.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import type { McpPackage } from "./client-package.ts";
import { McpConnection } from "./connection.ts";
import type { McpTool } from "./mcp-tool.ts";
import { ProcessGroup } from "./process-group.ts";
import { ProcessTransport, TRANSPORT_LIMITS, type TransportLimits } from "./process-transport.ts";
import { ServerFault } from "./server-fault.ts";
import { environmentOf, type McpServerSettings } from "./settings.ts";

/** Smallest limit of a message, in bytes. Lists of tools need more than outputs. */
const MIN_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Times of a server that hold for all servers. */
export interface ServerTimes {
	/** Time without a call after which the process is ended, in milliseconds. */
	readonly idleMs: number;
	/** Time after the first failure in which the server is not started again, in milliseconds. Doubles with each further failure. */
	readonly firstDelayMs: number;
	/** Longest such time, in milliseconds. */
	readonly maxDelayMs: number;
}

export const SERVER_TIMES: ServerTimes = { idleMs: 300_000, firstDelayMs: 1_000, maxDelayMs: 60_000 };

/** Parts that all servers share. */
export interface ServerParts {
	/** Variables of the host's environment. */
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly clock: Clock;
	readonly logger: Logger;
	/** Version of this host, for servers. */
	readonly version: string;
	readonly load: () => Promise<McpPackage>;
	/** For tests. */
	readonly times?: Partial<ServerTimes>;
	readonly limits?: Partial<TransportLimits>;
}

/** A connection that is open or being opened. */
interface Current {
	readonly connection: Promise<McpConnection>;
	readonly transport: ProcessTransport;
}

/**
 * A server of the configuration. The process is started for the first use, kept for all guests, ended when it is idle, and started again after
 * a failure, each time later.
 */
export class McpServer {
	readonly settings: McpServerSettings;
	readonly #parts: ServerParts;
	readonly #times: ServerTimes;
	#current: Current | undefined;
	#listing: Promise<readonly McpTool[]> | undefined;
	/** Connections that end. */
	readonly #ending = new Set<Promise<void>>();
	#failures = 0;
	#notBefore = Number.NEGATIVE_INFINITY;
	#inFlight = 0;
	#cancelIdle = (): void => {};
	#isPinging = false;
	/** Reason for which the server is not started any more. */
	#closed: string | undefined;

	constructor(settings: McpServerSettings, parts: ServerParts) {
		this.settings = settings;
		this.#parts = parts;
		this.#times = { ...SERVER_TIMES, ...parts.times };
	}

	/** Returns the server's tools, as listed once for each start and each change. Empty if the server fails, which is logged. Never rejects. */
	async tools(): Promise<readonly McpTool[]> {
		try {
			return await this.#used(() => this.#listing ?? this.#listAgain());
		} catch {
			// Logged where the server failed.
			return [];
		}
	}

	/**
	 * Calls a tool.
	 *
	 * @throws ServerFault; the reason of `signal` when it is aborted. The call is cancelled at the server then.
	 */
	call(tool: string, args: JsonObject, signal: AbortSignal): Promise<JsonObject> {
		return this.#used(async () => {
			const connection = await abortable(this.#connect(), signal);
			const { received } = connection;
			const { callTimeoutMs: timeoutMs } = this.settings;
			try {
				const result = await connection.callTool(tool, args, { timeoutMs, signal });
				this.#failures = 0;
				return result;
			} catch (thrown) {
				if (thrown instanceof ServerFault && thrown.kind === "timeout" && connection.received === received) this.#probe(connection);
				throw thrown;
			}
		});
	}

	/** Starts no process any more, and ends the one that runs when its calls have ended. */
	retire(): void {
		this.#closed ??= "the server is no longer configured";
		if (this.#inFlight === 0) this.#stop(this.#closed);
	}

	/** True for a server that was retired, and has no process any more. */
	get isOver(): boolean {
		return this.#closed !== undefined && this.#current === undefined && this.#ending.size === 0;
	}

	/** Ends the process. Resolves when none is left. */
	async close(): Promise<void> {
		this.#closed ??= "the host is closed";
		this.#stop(this.#closed);
		await Promise.all(this.#ending);
	}

	/** Runs a use of the server, and ends the process after a time without one. */
	async #used<T>(run: () => Promise<T>): Promise<T> {
		this.#cancelIdle();
		this.#inFlight += 1;
		try {
			return await run();
		} finally {
			this.#inFlight -= 1;
			if (this.#inFlight === 0) this.#rest();
		}
	}

	#rest(): void {
		if (this.#closed !== undefined) this.#stop(this.#closed);
		else this.#cancelIdle = afterIdle(this.#times.idleMs, () => this.#stop("the server was idle"));
	}

	/** Ends the process on purpose. */
	#stop(reason: string): void {
		this.#cancelIdle();
		const { transport } = this.#current ?? {};
		this.#forget();
		transport?.end(reason);
		// A start that is ended reports its end later than the close of the host asks.
		if (transport !== undefined) this.#follow(transport);
	}

	#follow({ ended }: ProcessTransport): void {
		const followed = ended.finally(() => this.#ending.delete(followed));
		this.#ending.add(followed);
	}

	#forget(): void {
		this.#current = undefined;
		this.#listing = undefined;
	}

	#listAgain(): Promise<readonly McpTool[]> {
		const listing = this.#list();
		this.#listing = listing;
		listing.catch(() => {
			if (this.#listing === listing) this.#listing = undefined;
		});
		return listing;
	}

	async #list(): Promise<readonly McpTool[]> {
		const connection = await this.#connect();
		const { id, listTimeoutMs } = this.settings;
		try {
			const { tools, omitted } = await connection.listTools(listTimeoutMs);
			if (omitted > 0)
				this.#parts.logger.warn(
					{ server: id, omitted },
					`MCP server ${id}: ${omitted} tools are left out: too large, malformed or too many`,
				);
			return tools;
		} catch (thrown) {
			void connection.end(`the tools cannot be listed: ${thrown instanceof Error ? thrown.message : "unknown"}`);
			throw thrown;
		}
	}

	/** @throws ServerFault */
	#connect(): Promise<McpConnection> {
		if (this.#closed !== undefined) return Promise.reject(new ServerFault("unavailable", this.#closed));
		if (this.#current !== undefined) return this.#current.connection;
		const waitMs = this.#notBefore - this.#parts.clock.now();
		if (waitMs > 0)
			return Promise.reject(new ServerFault("unavailable", `the server has failed; next start in ${Math.ceil(waitMs / 1000)} s`));
		const transport = this.#newTransport();
		/** Called at the end, which the host may have caused. */
		const over = (reason: string): void => {
			if (this.#current?.transport === transport) {
				this.#forget();
				this.#failed(reason);
			}
			this.#follow(transport);
		};
		const connection = this.#open(transport, over);
		this.#current = { connection, transport };
		return connection;
	}

	async #open(transport: ProcessTransport, over: (reason: string) => void): Promise<McpConnection> {
		const { clock, version } = this.#parts;
		let sdk: McpPackage;
		try {
			sdk = await this.#parts.load();
		} catch (thrown) {
			over(causeChain(thrown));
			throw thrown;
		}
		const onToolsChanged = (): void => {
			this.#listing = undefined;
		};
		return McpConnection.open({ transport, clock, version, package: sdk, onToolsChanged, onEnd: over }, this.settings.listTimeoutMs);
	}

	#newTransport(): ProcessTransport {
		const { clock, limits, logger } = this.#parts;
		const { id, maxOutputBytes } = this.settings;
		return new ProcessTransport({
			start: () => this.#start(),
			limits: { ...TRANSPORT_LIMITS, maxMessageBytes: Math.max(MIN_MESSAGE_BYTES, 2 * maxOutputBytes), ...limits },
			clock,
			onStderr: (line) => logger.info({ server: id }, line),
		});
	}

	#start(): ProcessGroup {
		const { command, args, cwd } = this.settings;
		return new ProcessGroup({ command, args, cwd, env: environmentOf(this.settings, this.#parts.env) });
	}

	#failed(reason: string): void {
		const { id } = this.settings;
		const delayMs = Math.min(this.#times.maxDelayMs, this.#times.firstDelayMs * 2 ** this.#failures);
		this.#failures += 1;
		this.#notBefore = this.#parts.clock.now() + delayMs;
		this.#parts.logger.warn(
			{ server: id, failures: this.#failures },
			`MCP server ${id} failed: ${reason}; no start for ${Math.ceil(delayMs / 1000)} s`,
		);
	}

	/** Ends a server that does not even answer a ping. A server that is only busy answers again. */
	#probe(connection: McpConnection): void {
		if (this.#isPinging) return;
		this.#isPinging = true;
		const { received } = connection;
		void connection
			.ping(this.settings.callTimeoutMs)
			.catch(async () => {
				if (connection.received === received) await connection.end("the server does not answer");
			})
			.finally(() => {
				this.#isPinging = false;
			});
	}
}

/** As a timer of the clock, without keeping the host's process alive. */
function afterIdle(ms: number, fire: () => void): () => void {
	const timer = setTimeout(fire, ms).unref();
	return () => clearTimeout(timer);
}
