import type { Redis, RedisOptions } from "ioredis";
import type { ConnectionState, StoreCall, StoreConnection } from "../store-connection.ts";
import { StoreError } from "../store-error.ts";
import { callFailure } from "./call-failure.ts";
import type { RedisSettings } from "./redis-settings.ts";
import type { Script } from "./script.ts";

/** Constructor of a client of `ioredis`. */
export type RedisClient = new (options: RedisOptions) => Redis;

/** Most calls that may wait for their answers. A server that is slow must not fill the memory of the host. */
const MAX_PENDING = 10_000;

/** Pause before a new connection, in milliseconds: grows up to the maximum. */
const RECONNECT = { firstMs: 50, maxMs: 1_000 } as const;

/**
 * Time without any answer after which a connection is replaced, as a multiple of the longest duration of a call. Otherwise a server whose machine is gone
 * would hold the connection until TCP ends it, which takes a quarter of an hour. A lost link would delay the return by as long as it was lost.
 */
const SILENT_CALLS = 3;

/** Time between two calls that ask whether the server answers again, in milliseconds. */
const PING_MS = 500;

/** A connection for calls, and one for notifications. Reconnects by itself. A call without a connection fails at once: each user has a policy for that. */
export class RedisConnection implements StoreConnection {
	readonly #calls: Redis;
	readonly #messages: Redis;
	readonly #listeners = new Set<(state: ConnectionState) => void>();
	readonly #callListeners = new Set<(call: StoreCall) => void>();
	readonly #channels = new Map<string, Set<(message: Buffer) => void>>();
	#state: ConnectionState = { reachable: false, sinceMs: Date.now(), fault: "not connected yet" };
	#pending = 0;
	#ping: NodeJS.Timeout | undefined;
	#closed = false;
	/** True from the time at which the connection for calls is ready until it closes. */
	#wasReady = false;

	constructor(settings: RedisSettings, Client: RedisClient) {
		const options = clientOptions(settings);
		this.#calls = new Client({
			...options,
			enableOfflineQueue: false,
			commandTimeout: settings.timeoutMs,
			autoResendUnfulfilledCommands: false,
			socketTimeout: SILENT_CALLS * settings.timeoutMs,
		});
		// The client handles no failure of the subscriptions that it makes again by itself: each would end the process.
		this.#messages = new Client({ ...options, enableOfflineQueue: false, autoResubscribe: false, autoResendUnfulfilledCommands: false });
		this.#calls.on("ready", () => {
			this.#wasReady = true;
			this.#setReachable();
		});
		this.#calls.on("close", () => {
			this.#replaceMessages();
			// An error before says more.
			if (this.#state.reachable) this.#setUnreachable("the connection was closed");
		});
		this.#calls.on("error", (error: Error) => this.#setUnreachable(error.message));
		this.#messages.on("error", () => {}); // The connection for calls reports the same.
		this.#messages.on("ready", () => {
			if (this.#channels.size > 0) this.#messages.subscribe(...this.#channels.keys()).catch(() => {}); // The next connection subscribes again.
		});
		this.#messages.on("messageBuffer", (channel: Buffer, message: Buffer) => {
			for (const listener of this.#channels.get(channel.toString()) ?? []) listener(message);
		});
	}

	get state(): ConnectionState {
		return this.#state;
	}

	onChange(listener: (state: ConnectionState) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	onCall(listener: (call: StoreCall) => void): () => void {
		this.#callListeners.add(listener);
		return () => this.#callListeners.delete(listener);
	}

	/**
	 * Connects.
	 *
	 * @throws StoreError if the server cannot be reached, or refuses the user. Further attempts follow by themselves.
	 */
	async connect(): Promise<void> {
		this.#messages.connect().catch(() => {});
		try {
			await this.#calls.connect();
		} catch (cause) {
			// What the client says of a first failure is less than its event of an error.
			throw new StoreError("unreachable", this.#state.fault ?? "the store cannot be reached", { cause });
		}
	}

	/**
	 * Runs a script. Replies of bytes are buffers.
	 *
	 * @param keys Names of the keys that the script uses, all with the same hash tag.
	 * @throws StoreError
	 */
	async run(script: Script, keys: readonly string[], args: readonly (string | number | Uint8Array)[]): Promise<unknown> {
		const values = [...keys, ...args.map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg) : arg))];
		return this.#call(script.name, async () => {
			try {
				return await this.#calls.callBuffer("EVALSHA", script.sha1, keys.length, ...values);
			} catch (thrown) {
				if (!(thrown instanceof Error && thrown.message.startsWith("NOSCRIPT"))) throw thrown;
				return this.#calls.callBuffer("EVAL", script.text, keys.length, ...values);
			}
		});
	}

	/**
	 * Sends one command. Replies of bytes are buffers.
	 *
	 * @throws StoreError
	 */
	async command(name: string, ...args: readonly (string | number | Uint8Array)[]): Promise<unknown> {
		const values = args.map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg) : arg));
		return this.#call(name, () => this.#calls.callBuffer(name, ...values));
	}

	/**
	 * Calls `listener` with each message of a channel. Messages while there is no connection are lost: listeners read the state again after
	 * `onChange`. Returns the function that ends that.
	 */
	subscribe(channel: string, listener: (message: Buffer) => void): () => void {
		const existing = this.#channels.get(channel);
		const listeners = existing ?? new Set();
		if (existing === undefined) {
			this.#channels.set(channel, listeners);
			if (this.#messages.status === "ready") this.#messages.subscribe(channel).catch(() => {}); // Otherwise when it is.
		}
		listeners.add(listener);
		return () => {
			listeners.delete(listener);
			if (listeners.size > 0 || this.#channels.get(channel) !== listeners) return;
			this.#channels.delete(channel);
			this.#messages.unsubscribe(channel).catch(() => {});
		};
	}

	/** Closes both connections. Calls in flight fail. */
	close(): void {
		this.#closed = true;
		clearInterval(this.#ping);
		this.#listeners.clear();
		this.#callListeners.clear();
		this.#calls.disconnect();
		this.#messages.disconnect();
	}

	async #call(name: string, send: () => Promise<unknown>): Promise<unknown> {
		if (this.#closed) throw new StoreError("closed", "the host is closed");
		if (this.#calls.status !== "ready") throw new StoreError("unreachable", this.#state.fault ?? "there is no connection");
		if (this.#pending >= MAX_PENDING) throw new StoreError("full", `${MAX_PENDING} calls of the shared store wait for their answers`);
		this.#pending += 1;
		const startedAt = this.#callListeners.size === 0 ? 0 : performance.now();
		let failed: StoreError | undefined;
		try {
			const reply = await send();
			if (!this.#state.reachable) this.#setReachable();
			return reply;
		} catch (thrown) {
			const failure = callFailure(name, thrown);
			failed = failure;
			if (failure.reason === "unreachable") this.#setUnreachable(failure.message);
			throw failure;
		} finally {
			this.#pending -= 1;
			if (startedAt !== 0) this.#report(name, performance.now() - startedAt, failed);
		}
	}

	#report(name: string, durationMs: number, failure: StoreError | undefined): void {
		const call = { name, durationMs, ...(failure === undefined ? {} : { failure: failure.reason }) };
		for (const listener of this.#callListeners) listener(call);
	}

	#setReachable(): void {
		clearInterval(this.#ping);
		this.#ping = undefined;
		this.#set({ reachable: true, sinceMs: Date.now() });
	}

	/** Connects again for notifications. That connection sends nothing, so it does not notice a lost link by itself. */
	#replaceMessages(): void {
		if (this.#wasReady && !this.#closed) this.#messages.disconnect(true);
		this.#wasReady = false;
	}

	/** While a connection is open and calls get no answer, a ping finds out when they do again. */
	#setUnreachable(fault: string): void {
		if (this.#closed) return;
		this.#ping ??= setInterval(() => {
			if (this.#calls.status === "ready") this.command("PING").catch(() => {});
		}, PING_MS).unref();
		if (this.#state.reachable) this.#set({ reachable: false, sinceMs: Date.now(), fault });
		else this.#state = { ...this.#state, fault };
	}

	#set(state: ConnectionState): void {
		if (this.#closed || (state.reachable && this.#state.reachable)) return;
		this.#state = state;
		for (const listener of this.#listeners) listener(state);
	}
}

function clientOptions({ url, sentinels, user, password, ca, timeoutMs }: RedisSettings): RedisOptions {
	const { protocol, hostname, port, pathname } = new URL(url);
	const tls = protocol === "rediss:" ? { ...(ca === undefined ? {} : { ca }), servername: unbracketed(hostname) } : undefined;
	const db = Number(pathname.slice(1) || 0);
	const addresses = sentinels?.addresses.map((address) => {
		const { hostname: host, port: sentinelPort } = new URL(`redis://${address}`);
		return { host: unbracketed(host), port: Number(sentinelPort || 26_379) };
	});
	return {
		...(addresses === undefined || sentinels === undefined
			? { host: unbracketed(hostname), port: Number(port || 6_379) }
			: { sentinels: addresses, name: sentinels.name, sentinelCommandTimeout: timeoutMs }),
		...(user === undefined ? {} : { username: user }),
		...(password === undefined ? {} : { password }),
		...(tls === undefined ? {} : { tls }),
		db,
		lazyConnect: true,
		connectTimeout: Math.max(timeoutMs, 1_000),
		maxRetriesPerRequest: null,
		// The name of the client is no use to hosts, and a user of an access list would need a right for it.
		disableClientInfo: true,
		keepAlive: 10_000,
		// A replica that was a primary before: the next connection finds the present one.
		reconnectOnError: (error) => (error.message.startsWith("READONLY") ? 1 : false),
		retryStrategy: (attempt) => jittered(Math.min(RECONNECT.firstMs * 2 ** Math.min(attempt, 10), RECONNECT.maxMs)),
	};
}

/** Returns a duration between half and the whole one. Otherwise all hosts would connect again in the same moment. */
function jittered(ms: number): number {
	return ms * (0.5 + Math.random() / 2);
}

/** Returns an address of IPv6 without brackets. */
function unbracketed(host: string): string {
	return host.startsWith("[") ? host.slice(1, -1) : host;
}
