import type { ConnectionState, StoreConnection } from "../../../src/cluster/store-connection.ts";
import { StoreError } from "../../../src/cluster/store-error.ts";
import type { HostClock } from "./host-clock.ts";
import { type Fault, faultAt, type NetworkPath } from "./network.ts";
import type { StoreServer } from "./store-server.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Longest duration of a call, in milliseconds: the default of `[cluster] timeout_ms`. */
const TIMEOUT_MS = 1_000;

/** Time without an answer after which the connection is replaced, in milliseconds. As in `RedisConnection`. */
const SILENCE_MS = 3 * TIMEOUT_MS;

/** Pause before a new connection, in milliseconds: grows up to the maximum. As in `RedisConnection`. */
const RECONNECT = { firstMs: 50, maxMs: 1_000 } as const;

/** Time between two calls that ask whether the store answers again, in milliseconds. As in `RedisConnection`. */
const PING_MS = 500;

/** Usual time of a message in one direction, in milliseconds. */
const USUAL_MS = 0.25;

/** Round trips until a new connection takes calls: TCP's, and the greeting of the client. */
const ROUND_TRIPS_TO_CONNECT = 2;

export interface LinkContext extends NetworkPath {
	readonly clock: HostClock;
	readonly server: StoreServer;
}

/** The connection of a host to the store: a model of `RedisConnection`. */
export class StoreLink implements StoreConnection {
	readonly #context: LinkContext;
	readonly #listeners = new Set<(state: ConnectionState) => void>();
	/** For each call without an answer, a function that fails it. */
	readonly #pending = new Set<(error: StoreError) => void>();
	#state: ConnectionState = { reachable: true, sinceMs: 0 };
	/** `undefined` without a connection. */
	#stream: TcpStream | undefined;
	#attempts = 0;
	#isClosed = false;
	#isAsking = false;
	#isWatching = false;
	/** Time since which calls wait without any answer. `undefined` while none waits. */
	#silentSince: number | undefined;
	/** Number of calls that were sent. */
	calls = 0;

	constructor(context: LinkContext) {
		this.#context = context;
		const { time, clock, faults, host } = context;
		for (const { from, fault, affects } of faults) {
			if (fault.type !== "gone" || from < time.now() || !(affects?.(host) ?? true)) continue;
			time.after(from - time.now(), () => clock.run(() => this.#break("the connection was closed")));
		}
		if (isUsable(faultAt(faults, time.now(), host)?.fault)) this.#stream = new TcpStream(context);
		else this.#break("not connected yet");
	}

	get state(): ConnectionState {
		return this.#state;
	}

	onChange(listener: (state: ConnectionState) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Calls are not measured. */
	onCall(): () => void {
		return () => {};
	}

	/**
	 * Sends a call to the store, and resolves to the answer.
	 *
	 * @param serve Carries out the call in the store.
	 * @throws StoreError
	 */
	async call<T>(serve: () => T | Promise<T>): Promise<T> {
		if (this.#isClosed) throw new StoreError("closed", "the host is closed");
		if (this.#stream === undefined) throw new StoreError("unreachable", "there is no connection");
		this.calls += 1;
		try {
			const answer = await this.#exchange(this.#stream, serve);
			this.#set(true);
			return answer;
		} catch (thrown) {
			if (thrown instanceof StoreError && thrown.reason === "unreachable") this.#set(false);
			throw thrown;
		}
	}

	/** Delivers a notification of the store. Without a connection, the notification is lost. */
	notify(deliver: () => void): void {
		const { clock } = this.#context;
		this.#stream?.send("answer", () => clock.run(deliver));
	}

	close(): void {
		this.#isClosed = true;
		this.#listeners.clear();
		this.#stream?.close();
		this.#stream = undefined;
		for (const fail of this.#pending) fail(new StoreError("closed", "the host is closed", { mayHaveRun: true }));
	}

	#exchange<T>(stream: TcpStream, serve: () => T | Promise<T>): Promise<T> {
		const { clock, server } = this.#context;
		return new Promise<T>((resolve, reject) => {
			const settle = (end: () => void): void => {
				cancel();
				if (this.#pending.delete(fail)) end();
			};
			const fail = (error: StoreError): void => settle(() => reject(error));
			const cancel = clock.after(TIMEOUT_MS, () =>
				fail(new StoreError("unreachable", `no answer in ${TIMEOUT_MS} ms`, { mayHaveRun: true })),
			);
			this.#pending.add(fail);
			this.#silentSince ??= clock.now();
			this.#watch();
			const answer = (end: () => void): void =>
				stream.send("answer", () =>
					clock.run(() => {
						settle(end);
						this.#silentSince = this.#pending.size > 0 ? clock.now() : undefined;
						this.#set(true);
					}),
				);
			stream.send("request", () =>
				server.serve(() => {
					Promise.resolve()
						.then(serve)
						.then(
							(value) => answer(() => resolve(value)),
							(thrown: unknown) => answer(() => reject(thrown)),
						);
				}),
			);
		});
	}

	/** Replaces a connection without an answer for too long. */
	#watch(): void {
		if (this.#isWatching || this.#silentSince === undefined) return;
		const { clock } = this.#context;
		this.#isWatching = true;
		clock.after(this.#silentSince + SILENCE_MS - clock.now(), () => {
			this.#isWatching = false;
			if (this.#silentSince === undefined || this.#stream === undefined) return;
			if (clock.now() - this.#silentSince >= SILENCE_MS) this.#break(`no answer in ${SILENCE_MS} ms`);
			else this.#watch();
		});
	}

	#break(fault: string): void {
		if (this.#isClosed) return;
		this.#stream?.close();
		this.#stream = undefined;
		this.#silentSince = undefined;
		for (const fail of this.#pending) fail(new StoreError("unreachable", fault, { mayHaveRun: true }));
		this.#set(false);
		this.#reconnect();
	}

	#reconnect(): void {
		const { clock, random } = this.#context;
		const pause = Math.min(RECONNECT.firstMs * 2 ** Math.min(this.#attempts, 10), RECONNECT.maxMs);
		this.#attempts += 1;
		clock.after(pause * (0.5 + random() / 2), () => this.#connect());
	}

	#connect(): void {
		const { clock, time, faults, host } = this.#context;
		if (this.#isClosed) return;
		const fault = faultAt(faults, time.now(), host)?.fault;
		if (fault?.type === "gone") {
			this.#reconnect();
			return;
		}
		if (fault?.type === "cut") {
			clock.after(TIMEOUT_MS, () => this.#reconnect());
			return;
		}
		const oneWay = USUAL_MS + (fault?.type === "slow" ? fault.addMs : 0);
		clock.after(2 * ROUND_TRIPS_TO_CONNECT * oneWay, () => {
			if (this.#isClosed) return;
			this.#attempts = 0;
			this.#stream = new TcpStream(this.#context);
			this.#set(true);
		});
	}

	#set(reachable: boolean): void {
		if (this.#isClosed || reachable === this.#state.reachable) return;
		this.#state = { reachable, sinceMs: this.#context.clock.wall(), ...(reachable ? {} : { fault: "the store does not answer" }) };
		if (!reachable) this.#ask();
		for (const listener of this.#listeners) listener(this.#state);
	}

	/** While a connection is open and calls get no answer, finds out when they do again. */
	#ask(): void {
		if (this.#isAsking) return;
		this.#isAsking = true;
		this.#context.clock.after(PING_MS, () => {
			this.#isAsking = false;
			if (this.#isClosed || this.#state.reachable) return;
			if (this.#stream !== undefined) this.call(() => undefined).catch(() => {});
			this.#ask();
		});
	}
}

function isUsable(fault: Fault | undefined): boolean {
	return fault === undefined || fault.type === "slow";
}
