import { agentOfRun } from "../run-id.ts";
import type { RunChange } from "../runs.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** Shortest time between two notifications of a host, in milliseconds. Output of a model comes in many small events. */
const PAUSE_MS = 20;

/** Most changes in a notification. Further ones are lost. */
const MAX_CHANGES = 1_000;

/** Longest notification that is read, in bytes. */
const MAX_MESSAGE_BYTES = 2 ** 20;

/** Notifications of changes of runs between hosts. Of changes of the same kind to a run, and of runs of an agent that were queued, the last one counts. */
export class RunChanges {
	readonly #connection: RedisConnection;
	readonly #channel: string;
	readonly #pending = new Map<string, readonly [type: RunChange["type"], id: string]>();
	#timer: NodeJS.Timeout | undefined;
	#lastMs = Number.NEGATIVE_INFINITY;

	constructor(connection: RedisConnection, channel: string) {
		this.#connection = connection;
		this.#channel = channel;
	}

	/** Notifies all hosts soon. */
	publish(type: RunChange["type"], id: string): void {
		const key = `${type} ${type === "queued" ? agentOfRun(id) : id}`;
		if (this.#pending.size >= MAX_CHANGES && !this.#pending.has(key)) return;
		this.#pending.set(key, [type, id]);
		this.#timer ??= setTimeout(() => this.#send(), Math.max(0, this.#lastMs + PAUSE_MS - performance.now())).unref();
	}

	/** Calls `listener` with each change. Returns the function that ends that. */
	subscribe(listener: (change: RunChange) => void): () => void {
		return this.#connection.subscribe(this.#channel, (message) => {
			for (const change of changesOf(message)) listener(change);
		});
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	#send(): void {
		this.#timer = undefined;
		this.#lastMs = performance.now();
		const changes = [...this.#pending.values()];
		this.#pending.clear();
		// Listeners also ask from time to time.
		this.#connection.command("PUBLISH", this.#channel, JSON.stringify(changes)).catch(() => {});
	}
}

/** Returns the changes of a message. Items of another form are left out. */
function changesOf(message: Buffer): RunChange[] {
	if (message.length > MAX_MESSAGE_BYTES) return [];
	let items: unknown;
	try {
		items = JSON.parse(message.toString());
	} catch {
		return [];
	}
	const changes: RunChange[] = [];
	for (const item of Array.isArray(items) ? items : []) {
		const [type, id]: readonly unknown[] = Array.isArray(item) ? item : [];
		const agent = typeof id === "string" ? agentOfRun(id) : undefined;
		if (isChangeType(type) && typeof id === "string" && agent !== undefined) changes.push({ type, id, agent });
	}
	return changes;
}

/** Returns true for a kind of change. */
export function isChangeType(value: unknown): value is RunChange["type"] {
	return value === "queued" || value === "events" || value === "cancelled" || value === "ended";
}
