import { StoreError } from "../store-error.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { numberOf } from "./reply.ts";

/**
 * Confirmation by replicas that they hold the writes of a connection. The connection serves nothing else: while it waits, it serves no other call.
 * At most one wait is in progress, and the next one is for all writes since.
 *
 * @see https://redis.io/docs/latest/commands/wait/
 */
export class ReplicaConfirmation {
	readonly #connection: RedisConnection;
	readonly #replicas: number;
	readonly #timeoutMs: number;
	/** Counts the connections. Replicas confirm the writes of the present connection alone. */
	#epoch = 0;
	#present: Promise<void> = Promise.resolve();
	#next: Promise<void> | undefined;

	constructor(connection: RedisConnection, replicas: number, timeoutMs: number) {
		this.#connection = connection;
		this.#replicas = replicas;
		this.#timeoutMs = timeoutMs;
		connection.onChange(() => {
			this.#epoch += 1;
		});
	}

	/**
	 * Returns the result of a write after its confirmation.
	 *
	 * @throws StoreError `unreachable` with `mayHaveRun` if too few replicas hold the write in time.
	 */
	async confirmed<T>(write: () => Promise<T>): Promise<T> {
		const result = await write();
		const epoch = this.#epoch;
		this.#next ??= this.#present.then(() => {
			const wait = this.#wait();
			this.#next = undefined;
			this.#present = wait.catch(() => {});
			return wait;
		});
		await this.#next;
		if (epoch !== this.#epoch)
			throw new StoreError("unreachable", "the connection was lost before the replicas confirmed", { mayHaveRun: true });
		return result;
	}

	async #wait(): Promise<void> {
		let count: number;
		try {
			count = numberOf(await this.#connection.command("WAIT", this.#replicas, this.#timeoutMs));
		} catch (cause) {
			const { reason, message } = cause instanceof StoreError ? cause : new StoreError("unreachable", String(cause));
			throw new StoreError(reason, message, { cause, mayHaveRun: true });
		}
		if (count < this.#replicas)
			throw new StoreError("unreachable", `${count} of ${this.#replicas} replicas confirmed the write within ${this.#timeoutMs} ms`, {
				mayHaveRun: true,
			});
	}
}
