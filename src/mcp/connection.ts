import type { Client } from "@modelcontextprotocol/client";
import type { JsonObject } from "../../generated/ir/json.ts";
import type { Clock } from "../time/clock.ts";
import type { McpPackage } from "./client-package.ts";
import { isObject, type McpTool, ToolCollector } from "./mcp-tool.ts";
import type { ProcessTransport } from "./process-transport.ts";
import { ServerFault } from "./server-fault.ts";

/** Most pages of a list of tools. */
const MAX_PAGES = 100;

/** Time by which the client's own limit of a request exceeds that of the host, in milliseconds. The host's own limit applies. */
const SPARE_MS = 60_000;

/** Accepts every result. The host reads the few members that it uses, and bounds them. */
const ANY_RESULT = { "~standard": { version: 1, vendor: "spear-hostcall", validate: (value: unknown) => ({ value }) } } as const;

export interface ConnectionOptions {
	readonly transport: ProcessTransport;
	readonly package: McpPackage;
	/** Version of this host, for the server. */
	readonly version: string;
	readonly clock: Clock;
	/** Called when the server says that its tools have changed. */
	readonly onToolsChanged: () => void;
	/** Called once, when the connection has ended. */
	readonly onEnd: (reason: string) => void;
}

/** Limits of one request. */
interface RequestLimits {
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
}

/** A connection to a server that runs. */
export class McpConnection {
	readonly #client: Client;
	readonly #transport: ProcessTransport;
	readonly #clock: Clock;

	private constructor(client: Client, transport: ProcessTransport, clock: Clock) {
		this.#client = client;
		this.#transport = transport;
		this.#clock = clock;
	}

	/**
	 * Starts the server and greets it.
	 *
	 * @param timeoutMs Longest time for both, in milliseconds.
	 * @throws ServerFault. No process is left then.
	 */
	static async open(options: ConnectionOptions, timeoutMs: number): Promise<McpConnection> {
		const { transport, clock } = options;
		// Nothing that a server sends is compiled: schemas of outputs are for clients that check them.
		const client = new options.package.Client(
			{ name: "spear-hostcall", version: options.version },
			{
				capabilities: {},
				jsonSchemaValidator: { getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }) },
			},
		);
		client.setNotificationHandler("notifications/tools/list_changed", () => options.onToolsChanged());
		const cancelTimer = clock.after(timeoutMs, () => transport.end(lateMessage(timeoutMs)));
		try {
			await client.connect(transport, { timeout: timeoutMs + SPARE_MS });
		} catch (thrown) {
			// The client ends a connection whose beginning it does not like, and throws the reason.
			const reason = transport.isEndedByOther ? transport.endReason : undefined;
			transport.end("");
			const message = reason ?? messageOf(thrown);
			options.onEnd(message);
			throw new ServerFault("ended", message, { cause: thrown });
		} finally {
			cancelTimer();
		}
		if (transport.endReason !== undefined) options.onEnd(transport.endReason);
		client.onclose = () => options.onEnd(transport.endReason ?? "the connection has ended");
		return new McpConnection(client, transport, clock);
	}

	/** Number of messages that the server has sent. */
	get received(): number {
		return this.#transport.received;
	}

	/**
	 * Returns the server's tools.
	 *
	 * @throws ServerFault
	 */
	async listTools(timeoutMs: number): Promise<{ readonly tools: readonly McpTool[]; readonly omitted: number }> {
		const collector = new ToolCollector();
		if (this.#client.getServerCapabilities()?.tools === undefined) return collector;
		const last = this.#clock.now() + timeoutMs;
		let cursor: unknown;
		for (let page = 0; page < MAX_PAGES && !collector.isFull; page++) {
			const params = typeof cursor === "string" ? { params: { cursor } } : {};
			const left = Math.max(1, last - this.#clock.now());
			const result = await this.#request({ method: "tools/list", ...params }, { timeoutMs: left });
			if (Array.isArray(result.tools)) for (const tool of result.tools) collector.add(tool);
			cursor = result.nextCursor;
			if (typeof cursor !== "string") break;
		}
		return collector;
	}

	/**
	 * Calls a tool. An abort, and the time limit, cancel the call at the server.
	 *
	 * @throws ServerFault; the reason of the signal when it is aborted.
	 */
	callTool(name: string, args: JsonObject, limits: RequestLimits): Promise<JsonObject> {
		return this.#request({ method: "tools/call", params: { name, arguments: args } }, limits);
	}

	/** Asks the server for a sign of life. @throws ServerFault */
	async ping(timeoutMs: number): Promise<void> {
		await this.#request({ method: "ping" }, { timeoutMs });
	}

	/** Ends the server for a reason. Resolves when no process is left. */
	async end(reason: string): Promise<void> {
		this.#transport.end(reason);
		await this.#transport.ended;
	}

	async #request(request: { method: string; params?: Record<string, unknown> }, limits: RequestLimits): Promise<JsonObject> {
		const result: unknown = await this.#limited(limits, (options) => this.#client.request(request, ANY_RESULT, options));
		if (!isObject(result)) throw new ServerFault("refused", "the server answered with no object");
		return result;
	}

	/** Runs a request within its limits, and returns failures as those of the host. */
	async #limited<T>(
		{ timeoutMs, signal }: RequestLimits,
		run: (options: { signal: AbortSignal; timeout: number }) => Promise<T>,
	): Promise<T> {
		signal?.throwIfAborted();
		// One of its own for each request: the client never takes its listener off.
		const abort = new AbortController();
		const late = new ServerFault("timeout", lateMessage(timeoutMs));
		const cancelTimer = this.#clock.after(timeoutMs, () => abort.abort(late));
		const onAbort = (): void => abort.abort(signal?.reason);
		signal?.addEventListener("abort", onAbort, { once: true });
		try {
			return await run({ signal: abort.signal, timeout: timeoutMs + SPARE_MS });
		} catch (thrown) {
			if (signal?.aborted) throw signal.reason;
			if (abort.signal.aborted) throw late;
			const { endReason } = this.#transport;
			if (endReason !== undefined) throw new ServerFault("ended", endReason, { cause: thrown });
			throw new ServerFault("refused", messageOf(thrown), { cause: thrown });
		} finally {
			cancelTimer();
			signal?.removeEventListener("abort", onAbort);
		}
	}
}

function lateMessage(timeoutMs: number): string {
	return `the server did not answer within ${Math.ceil(timeoutMs)} ms`;
}

function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}
