import type { Metrics } from "../../../../generated/hostcall/core/chat.ts";
import { EAGAIN } from "../../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { Charge } from "../../../memory/charge.ts";
import type { HostMemory } from "../../../memory/memory-kinds.ts";
import { FdObject } from "../fd-table.ts";

/** Outcome of a send, as the guest receives it. */
export interface SendOutcome {
	/** JSON in UTF-8. */
	readonly body: Uint8Array;
	readonly metrics: Metrics;
}

/** The response to a send. Created before the answer: otherwise a guest could pay for an answer that has no descriptor. */
export class ChatResponse extends FdObject {
	readonly kind = "ChatResponse";
	readonly #charge: Charge;
	#outcome: SendOutcome | undefined;

	constructor(memory: HostMemory) {
		super();
		this.#charge = new Charge(memory, "sessions");
	}

	mask(): number {
		return this.#outcome === undefined ? 0 : Events.epollin;
	}

	override metrics(): JsonObject {
		return Object.fromEntries(
			Object.entries(this.#outcome?.metrics ?? {}).flatMap(([name, count]: [string, number | undefined]) =>
				count === undefined ? [] : [[name, count]],
			),
		);
	}

	/** Counted in a send with the flag `metrics`. */
	get counted(): Metrics {
		return this.#outcome?.metrics ?? {};
	}

	/** The body, which stays readable. `eagain` before the answer. */
	get body(): Uint8Array | typeof EAGAIN {
		return this.#outcome?.body ?? EAGAIN;
	}

	/** Sets the outcome. Call once. */
	fill(outcome: SendOutcome): void {
		this.#charge.count(outcome.body.byteLength);
		this.#outcome = outcome;
		this.onChange();
	}

	override [Symbol.dispose](): void {
		this.#charge.close();
	}
}
