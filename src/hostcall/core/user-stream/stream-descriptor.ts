import { type EAGAIN, EINVAL, type Front, type Status } from "../../../../generated/hostcall/core/errno.ts";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import { Direction } from "../../../../generated/hostcall/core/user-stream.ts";
import type { JsonObject } from "../../../../generated/ir/json.ts";
import { FdObject } from "../fd-table.ts";
import type { Channel } from "./channel.ts";
import { MAX_FRAME_BYTES, streamOf } from "./frame.ts";
import { MAX_QUEUE_BYTES, type StreamHub } from "./stream-hub.ts";

/** Names of directions in metrics. */
const DIRECTIONS: ReadonlyMap<number, string> = new Map<number, string>([
	[Direction.inbound, "In"],
	[Direction.outbound, "Out"],
	[Direction.bidirectional, "Bidi"],
]);

/** Returns true for a direction that a stream can be opened with. */
export function isDirection(direction: number): boolean {
	return DIRECTIONS.has(direction);
}

/** A descriptor of a stream, for one direction or both. */
export class StreamDescriptor extends FdObject {
	readonly kind = "UserStream";
	readonly #hub: StreamHub;
	readonly #channel: Channel;
	readonly #direction: number;

	constructor(hub: StreamHub, channel: Channel, direction: number) {
		super();
		this.#hub = hub;
		this.#channel = channel;
		this.#direction = direction;
		channel.attach(this);
	}

	mask(): number {
		const { state, inbound } = this.#channel;
		return (
			(this.#reads && inbound.length > 0 ? Events.epollin : 0) |
			(this.#writes && this.#hub.isWritable(this.#channel) ? Events.epollout : 0) |
			(state === "Closed" ? Events.epollhup : 0)
		);
	}

	override metrics(): JsonObject {
		const { id, state, inbound, outboundLength, outboundBytes } = this.#channel;
		return {
			execution_id: this.#hub.id,
			stream_id: id,
			direction: DIRECTIONS.get(this.#direction) ?? "",
			conn_state: state,
			inbound_len: inbound.length,
			inbound_bytes: inbound.bytes,
			max_inbound_bytes: MAX_QUEUE_BYTES,
			outbound_len: outboundLength,
			outbound_bytes: outboundBytes,
			max_outbound_bytes: MAX_QUEUE_BYTES,
			max_frame_bytes: MAX_FRAME_BYTES,
		};
	}

	/** Returns the oldest frame from the user. After the user has gone, too, an empty stream is `eagain`. */
	read(): Front<Uint8Array> | typeof EINVAL | typeof EAGAIN {
		return this.#reads ? this.#hub.front(this.#channel) : EINVAL;
	}

	/** Writes a frame, whose form is checked first. */
	write(frame: Uint8Array): Status {
		if (!this.#writes || streamOf(frame) !== this.#channel.id) return EINVAL;
		return this.#hub.write(this.#channel, frame);
	}

	override [Symbol.dispose](): void {
		this.#channel.detach(this);
		this.#hub.release(this.#channel);
	}

	get #reads(): boolean {
		return (this.#direction & Direction.inbound) !== 0;
	}

	get #writes(): boolean {
		return (this.#direction & Direction.outbound) !== 0;
	}
}
