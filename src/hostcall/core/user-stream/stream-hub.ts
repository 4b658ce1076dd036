import { randomUUID } from "node:crypto";
import { EAGAIN, EINVAL, ENOTCONN, EPIPE, type Front, type Status } from "../../../../generated/hostcall/core/errno.ts";
import { type Event, EventKind } from "../../../../generated/hostcall/core/user-stream.ts";
import { LinkedList } from "../../../collections/linked-list.ts";
import type { HostMemory } from "../../../memory/memory-kinds.ts";
import { FrameQueue } from "../frame-queue.ts";
import { Channel } from "./channel.ts";
import { MAX_FRAME_BYTES } from "./frame.ts";
import type { GuestStreams, Received, StreamPeer } from "./stream-peer.ts";

/** Most streams of an instance. Each has queues of its own. */
const MAX_CHANNELS = 1024;

/** Largest size of the frames that wait in one direction of a stream, in bytes. */
export const MAX_QUEUE_BYTES = 2_097_152;

/** Is notified of events of all streams. */
export interface StreamListener {
	add(event: Event): void;
}

/**
 * The guest's side of its streams. Frames in a queue count in the account of the guest. Each side may have one frame beyond the account: otherwise
 * a guest whose account is full would wait for ever.
 */
export class StreamHub implements GuestStreams, Disposable {
	/** Name of the run in the metrics of descriptors. */
	readonly id = randomUUID();
	readonly #memory: HostMemory;
	readonly #peer: StreamPeer;
	readonly #channels = new Map<number, Channel>();
	/** Frames from the guest, of all streams in the order of the calls. */
	readonly #outbound: FrameQueue;
	/** Streams of these frames, in the same order. */
	readonly #outboundChannels = new LinkedList<Channel>();
	readonly #listeners = new Set<StreamListener>();
	/** Number of the frames from the user that wait. */
	#inboundLength = 0;
	/** True if a stream was not writable for lack of memory. */
	#lacksMemory = false;
	#isClosed = false;

	constructor(memory: HostMemory, peer: StreamPeer) {
		this.#memory = memory;
		this.#peer = peer;
		this.#outbound = new FrameQueue(memory);
		peer.connect(this);
	}

	/** Returns the stream of a number, or `undefined` if there are too many. */
	channel(id: number): Channel | undefined {
		const known = this.#channels.get(id);
		if (known !== undefined) return known;
		if (this.#channels.size >= MAX_CHANNELS) return undefined;
		const channel = new Channel(id, this.#memory);
		if (this.#isClosed) channel.state = "Closed";
		this.#channels.set(id, channel);
		return channel;
	}

	/** Forgets a stream without descriptors and frames. */
	release(channel: Channel): void {
		if (channel.isUnused) this.#channels.delete(channel.id);
	}

	/** Notifies `listener` of events, at first of those that have happened. */
	listen(listener: StreamListener): void {
		this.#listeners.add(listener);
		for (const { id, inbound, state } of this.#channels.values()) {
			if (state === "Connected" || inbound.length > 0) listener.add(connected(id));
		}
		if (this.#isClosed) listener.add(SESSION_CLOSED);
	}

	unlisten(listener: StreamListener): void {
		this.#listeners.delete(listener);
	}

	/** Returns the oldest frame from the user. */
	front(channel: Channel): Front<Uint8Array> | typeof EAGAIN {
		const item = channel.inbound.first;
		if (item === undefined) return EAGAIN;
		return {
			item,
			remove: () => {
				channel.inbound.take();
				this.#inboundLength -= 1;
				channel.notify();
				this.#peer.onRoom();
			},
		};
	}

	/** Adds a frame from the guest, unless it is too large, the user is not there, or there is no room. */
	write(channel: Channel, frame: Uint8Array): Status {
		if (channel.state === "Init") return ENOTCONN;
		if (channel.state === "Closed") return EPIPE;
		if (frame.byteLength > MAX_FRAME_BYTES) return EINVAL;
		if (!this.#mayWrite(channel, frame.byteLength)) {
			channel.neededBytes = frame.byteLength;
			channel.notify();
			return EAGAIN;
		}
		channel.neededBytes = 1;
		channel.outboundLength += 1;
		channel.outboundBytes += frame.byteLength;
		this.#outbound.push(frame);
		this.#outboundChannels.append(channel);
		channel.notify();
		this.#peer.onFrame();
		return 0;
	}

	/** Returns true if the guest may write: the user is there, and the frame that was refused last would fit. */
	isWritable(channel: Channel): boolean {
		return channel.state === "Connected" && this.#mayWrite(channel, channel.neededBytes);
	}

	receive(streamId: number, frame: Uint8Array): Received {
		const channel = this.channel(streamId);
		if (channel === undefined) return "refused";
		const { inbound } = channel;
		if (inbound.bytes + frame.byteLength > MAX_QUEUE_BYTES) return "full";
		if (this.#inboundLength > 0 && !inbound.hasMemory(frame.byteLength)) return "full";
		channel.state = "Connected";
		inbound.push(frame);
		this.#inboundLength += 1;
		this.#emit(connected(streamId));
		channel.notify();
		return "added";
	}

	take(): Uint8Array | undefined {
		const frame = this.#outbound.take();
		const channel = this.#outboundChannels.takeFirst();
		if (frame === undefined || channel === undefined) return undefined;
		channel.outboundLength -= 1;
		channel.outboundBytes -= frame.byteLength;
		this.release(channel);
		const changed = this.#lacksMemory ? this.#channels.values() : [channel];
		this.#lacksMemory = false;
		for (const each of changed) each.notify();
		return frame;
	}

	get isDrained(): boolean {
		return this.#inboundLength === 0;
	}

	/** The guest begins or ends a wait. */
	onWait(isWaiting: boolean): void {
		this.#peer.onWait(isWaiting);
	}

	/** The guest begins or ends a request to a model. */
	onChat(): void {
		this.#peer.onChat();
	}

	close(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		for (const channel of this.#channels.values()) channel.state = "Closed";
		this.#emit(SESSION_CLOSED);
		for (const channel of this.#channels.values()) channel.notify();
	}

	/** Ends the streams with the instance, and hands the frames that wait for the user over to him. */
	[Symbol.dispose](): void {
		this.#isClosed = true;
		this.#listeners.clear();
		for (const { inbound } of this.#channels.values()) inbound.takeAll();
		this.#channels.clear();
		this.#peer.onEnd(this.#outbound.takeAll());
	}

	#mayWrite(channel: Channel, bytes: number): boolean {
		if (channel.outboundBytes + bytes > MAX_QUEUE_BYTES) return false;
		if (this.#outbound.length === 0 || this.#outbound.hasMemory(bytes)) return true;
		this.#lacksMemory = true;
		return false;
	}

	#emit(event: Event): void {
		for (const listener of this.#listeners) listener.add(event);
	}
}

const SESSION_CLOSED: Event = { stream_id: 0, kind: EventKind.sessionClosed };

function connected(streamId: number): Event {
	return { stream_id: streamId, kind: EventKind.streamConnected };
}
