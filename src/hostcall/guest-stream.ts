import { eventBytes } from "../stream/event-bytes.ts";
import { EventStream, type EventStreamOptions } from "../stream/event-stream.ts";
import type { Readiness } from "../stream/readiness.ts";
import { queueMemory } from "./queue-memory.ts";
import type { GuestScope } from "./scope.ts";

/** The stream of every family, in the shape of its hostcall interface. */
export interface GuestStream<E> {
	next(): Promise<E>;
	tryNext(): E | undefined;
	subscribe(): Readiness;
	[Symbol.dispose](): void;
}

/** Options in which the streams of two families differ. */
export type GuestStreamOptions<E> = Omit<EventStreamOptions<E>, "isTerminal" | "maxBytes" | "sizeOf" | "signal" | "memory">;

/** Opens a stream for a guest: within the guest's limits, ended with the run, the last event `completed` or `failed`. */
export function guestStream<E extends { readonly type: string }>(scope: GuestScope, options: GuestStreamOptions<E>): GuestStream<E> {
	const stream = new EventStream<E>({
		...options,
		isTerminal: (event) => event.type === "completed" || event.type === "failed",
		sizeOf: eventBytes,
		maxBytes: scope.limits.streamBufferBytes,
		memory: queueMemory(scope.memory),
		signal: scope.signal,
	});
	return {
		next: () => stream.next(),
		tryNext: () => stream.tryNext(),
		subscribe: () => stream.readiness,
		[Symbol.dispose]: () => stream[Symbol.dispose](),
	};
}
