import { EAGAIN, type Front } from "../../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import type { Event } from "../../../../generated/hostcall/core/user-stream.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { LinkedList } from "../../../collections/linked-list.ts";
import { Charge } from "../../../memory/charge.ts";
import type { HostMemory } from "../../../memory/memory-kinds.ts";
import { FdObject } from "../fd-table.ts";
import type { StreamHub, StreamListener } from "./stream-hub.ts";

/** Most events that wait. The oldest are dropped. */
const MAX_EVENTS = 1024;

/** Memory of a descriptor with all its events, in bytes. Charged as a whole: events come without a check. */
export const CONTROL_BYTES = 64 * MAX_EVENTS;

/** A descriptor of the events of all streams. */
export class ControlDescriptor extends FdObject implements StreamListener {
	readonly kind = "UserStreamCtl";
	readonly #hub: StreamHub;
	readonly #events = new LinkedList<Event>();
	readonly #charge: Charge;

	constructor(hub: StreamHub, memory: HostMemory) {
		super();
		this.#hub = hub;
		this.#charge = new Charge(memory, "queues");
		this.#charge.count(CONTROL_BYTES);
		hub.listen(this);
	}

	mask(): number {
		return this.#events.length > 0 ? Events.epollin : 0;
	}

	override metrics(): JsonObject {
		return { execution_id: this.#hub.id, pending_len: this.#events.length, max_pending: MAX_EVENTS };
	}

	add(event: Event): void {
		if (this.#events.length === MAX_EVENTS) this.#events.takeFirst();
		this.#events.append(event);
		this.onChange();
	}

	/** Returns the oldest event. */
	read(): Front<Event> | typeof EAGAIN {
		const item = this.#events.first?.value;
		if (item === undefined) return EAGAIN;
		return {
			item,
			remove: () => {
				this.#events.takeFirst();
				this.onChange();
			},
		};
	}

	override [Symbol.dispose](): void {
		this.#hub.unlisten(this);
		this.#charge.close();
		this.#events.clear();
	}
}
