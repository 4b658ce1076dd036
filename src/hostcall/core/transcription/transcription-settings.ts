import type { JsonValue } from "../../../../generated/ir/json.ts";
import { countOf, textOf } from "../json-object.ts";

/** Bounds of both queues if the guest sets none, in bytes. */
const QUEUE_BYTES = 1_048_576;

/** Shortest time between events of the artificial transport, in milliseconds, and their largest size, in bytes. Both bound the host's work. */
const MIN_EVENT_INTERVAL_MS = 10;
const MAX_PAYLOAD_BYTES = 65_536;

/** Names of the parameters that have a meaning. All others are taken and forgotten. */
const NAMES = [
	"transport",
	"backend",
	"model",
	"max_send_queue_bytes",
	"max_recv_queue_bytes",
	"stub_event_interval_ms",
	"stub_event_payload_bytes",
	"stub_emit_completed_every",
] as const;

type Name = (typeof NAMES)[number];

/** Parameters of a transcription. A value of another type than it should be counts as absent. */
export class TranscriptionSettings {
	readonly #values = new Map<Name, string | number>();
	readonly #maxQueueBytes: number;

	/** @param maxQueueBytes The host's bound of each queue, in bytes. */
	constructor(maxQueueBytes: number) {
		this.#maxQueueBytes = maxQueueBytes;
	}

	set(key: string, value: JsonValue): void {
		const name = NAMES.find((known) => known === key);
		if (name === undefined) return;
		const kept = textOf(value) ?? countOf(value);
		if (kept === undefined) this.#values.delete(name);
		else this.#values.set(name, kept);
	}

	/** True for a backend, false for the artificial transport. */
	get isLive(): boolean {
		return this.#text("transport") === "websocket";
	}

	get backend(): string | undefined {
		return this.#text("backend");
	}

	get model(): string | undefined {
		return this.#text("model");
	}

	/** Bound of the input that waits, in bytes. */
	get maxSendBytes(): number {
		return Math.min(this.#count("max_send_queue_bytes") ?? QUEUE_BYTES, this.#maxQueueBytes);
	}

	/** Bound of the events that wait, in bytes. */
	get maxReceiveBytes(): number {
		return Math.min(this.#count("max_recv_queue_bytes") ?? QUEUE_BYTES, this.#maxQueueBytes);
	}

	/** Time between events of the artificial transport, in milliseconds. */
	get eventIntervalMs(): number {
		return Math.max(this.#count("stub_event_interval_ms") ?? 100, MIN_EVENT_INTERVAL_MS);
	}

	/** Size of the events of the artificial transport, in bytes. */
	get payloadBytes(): number {
		return Math.min(this.#count("stub_event_payload_bytes") ?? 256, MAX_PAYLOAD_BYTES);
	}

	/** Of so many events of the artificial transport, one is the end of an utterance. 0 for none. */
	get completedEvery(): number {
		return this.#count("stub_emit_completed_every") ?? 20;
	}

	#text(name: Name): string | undefined {
		return textOf(this.#values.get(name));
	}

	#count(name: Name): number | undefined {
		return countOf(this.#values.get(name));
	}
}
