import { createParser } from "eventsource-parser";
import type { AdminEvent, Status } from "../../../admin/api.ts";
import { AdminClient, AdminFailure } from "./admin-client.ts";

/**
 * State of the connection to the server.
 *
 * - `off`: the server has no admin API.
 * - `locked`: a key is needed. `reason` says why the last one does not do.
 * - `connecting`: the first request is in flight. `isTyped` tells a key that was just entered from one of the tab.
 * - `live`: events arrive as they happen.
 * - `lost`: the server does not answer. The page tries again at `retryAtMs`.
 */
export type ConnectionState =
	| { readonly type: "off" }
	| { readonly type: "locked"; readonly reason?: string }
	| { readonly type: "connecting"; readonly isTyped: boolean }
	| { readonly type: "live" }
	| { readonly type: "lost"; readonly sinceMs: number; readonly retryAtMs: number; readonly reason: string };

/** Name of the key in the storage of the tab, which ends with the tab. */
const STORAGE_KEY = "spear-admin-key";
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 8_000;
/** Silence after which the stream counts as broken, in milliseconds: the server sends a comment every 15 s. */
const MAX_SILENCE_MS = 40_000;

/** The connection of the page: its key, its state, and the events of the server. */
export class Connection {
	state: ConnectionState;
	/** The state of the server at the last connection. */
	status: Status | undefined;
	readonly #listeners = new Set<() => void>();
	readonly #eventListeners = new Set<(event: AdminEvent) => void>();
	#client: AdminClient | undefined;
	#abort: AbortController | undefined;
	#lastEventId: string | undefined;

	/** @param isOff True if the server says in its page that it has no admin API. */
	constructor(isOff: boolean) {
		this.state = isOff ? { type: "off" } : { type: "locked" };
		const key = isOff ? null : sessionStorage.getItem(STORAGE_KEY);
		if (key !== null) this.#use(key, false);
	}

	/** Uses a key. The key is kept for this tab once the server has accepted it. */
	unlock(key: string): void {
		this.#use(key, true);
	}

	#use(key: string, isTyped: boolean): void {
		this.#abort?.abort();
		this.#abort = new AbortController();
		this.#client = new AdminClient(key);
		this.#lastEventId = undefined;
		this.#change({ type: "connecting", isTyped });
		void this.#run(this.#client, key, this.#abort.signal);
	}

	/** Forgets the key. */
	lock(reason?: string): void {
		this.#abort?.abort();
		this.#client = undefined;
		this.status = undefined;
		sessionStorage.removeItem(STORAGE_KEY);
		this.#change(reason === undefined ? { type: "locked" } : { type: "locked", reason });
	}

	/** Ends the pause before the next try. */
	retryNow: () => void = () => {};

	/**
	 * Returns the answer of a path of the admin API.
	 *
	 * @throws AdminFailure
	 */
	async get<T>(path: string, signal: AbortSignal): Promise<T> {
		const client = this.#client;
		if (client === undefined) throw new AdminFailure("unauthorized", "no key is set");
		try {
			return await client.get<T>(path, signal);
		} catch (thrown) {
			if (thrown instanceof AdminFailure && thrown.kind === "unauthorized" && client === this.#client) this.lock(thrown.message);
			throw thrown;
		}
	}

	/** Calls `listener` after each change of the state. Returns a function that ends that. */
	subscribe(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Calls `listener` for each event. Returns a function that ends that. */
	onEvent(listener: (event: AdminEvent) => void): () => void {
		this.#eventListeners.add(listener);
		return () => this.#eventListeners.delete(listener);
	}

	#change(state: ConnectionState): void {
		this.state = state;
		for (const listener of this.#listeners) listener();
	}

	async #run(client: AdminClient, key: string, signal: AbortSignal): Promise<void> {
		let failures = 0;
		while (!signal.aborted) {
			try {
				this.status = await client.get<Status>("status", signal);
				sessionStorage.setItem(STORAGE_KEY, key);
				await this.#listen(client, signal, () => {
					failures = 0;
				});
				throw new AdminFailure("unreachable", "the server has ended the connection");
			} catch (thrown) {
				if (signal.aborted) return;
				const failure = thrown instanceof AdminFailure ? thrown : new AdminFailure("unreachable", "the connection broke");
				if (failure.kind === "off") return this.#change({ type: "off" });
				// A server that refuses an unknown key for another reason, such as too many wrong ones, is asked again by the user.
				const isRefused = failure.kind === "refused" && this.state.type === "connecting";
				if (failure.kind === "unauthorized" || isRefused) return this.lock(failure.message);
				await this.#pause(failures++, failure.message, signal);
			}
		}
	}

	async #pause(failures: number, reason: string, signal: AbortSignal): Promise<void> {
		const ms = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** failures);
		const sinceMs = this.state.type === "lost" ? this.state.sinceMs : Date.now();
		this.#change({ type: "lost", sinceMs, retryAtMs: Date.now() + ms, reason });
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.retryNow = () => {
				clearTimeout(timer);
				resolve();
			};
			signal.addEventListener("abort", () => this.retryNow(), { once: true });
		});
		this.retryNow = () => {};
	}

	/** Reads the stream of events until it ends. */
	async #listen(client: AdminClient, signal: AbortSignal, onOpen: () => void): Promise<void> {
		const silence = new AbortController();
		let timer = setTimeout(() => silence.abort(), MAX_SILENCE_MS);
		const heard = (): void => {
			clearTimeout(timer);
			timer = setTimeout(() => silence.abort(), MAX_SILENCE_MS);
		};
		try {
			const headers = { accept: "text/event-stream", ...(this.#lastEventId === undefined ? {} : { "last-event-id": this.#lastEventId }) };
			const response = await client.open("events", headers, AbortSignal.any([signal, silence.signal]));
			onOpen();
			this.#change({ type: "live" });
			const parser = createParser({
				onEvent: ({ id, data }) => {
					if (id !== undefined) this.#lastEventId = id;
					const event: AdminEvent = JSON.parse(data);
					for (const listener of this.#eventListeners) listener(event);
				},
			});
			const text = response.body?.pipeThrough(new TextDecoderStream()).getReader();
			for (let read = await text?.read(); read !== undefined && !read.done; read = await text?.read()) {
				heard();
				parser.feed(read.value);
			}
		} finally {
			clearTimeout(timer);
		}
	}
}
