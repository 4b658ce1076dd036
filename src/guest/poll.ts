import { type Pollable, poll, subscribeDuration } from "spear:ai/poll@0.1.0";
import { hostcall } from "./errors.ts";

/** A stream of any family. */
export interface Readable<Event> {
	/** Returns the next event without waiting. */
	tryNext(): Event | null | undefined;
	/** Returns a pollable that is ready when an event is. */
	subscribe(): Pollable;
}

/** An event of one of several streams. */
export interface Selected<Key extends string, Event> {
	/** Key of the stream. */
	readonly from: Key;
	readonly event: Event;
}

type EventOf<Stream> = Stream extends Readable<infer Event> ? Event : never;

/**
 * Yields the events of several streams as they arrive, until each stream has delivered its terminal event (`completed` or `failed`).
 * The caller disposes the streams.
 *
 *     for (const { from, event } of select({ fast, thorough })) …
 *
 * @param options.timeoutMs Ends the loop when no event has arrived for this time, in milliseconds. The default is no limit.
 * @throws HostcallError as a stream fails to be read.
 */
export function* select<Streams extends Readonly<Record<string, Readable<{ tag: string }>>>>(
	streams: Streams,
	options: { readonly timeoutMs?: number } = {},
): Generator<Selected<Extract<keyof Streams, string>, EventOf<Streams[keyof Streams]>>, void, undefined> {
	type Key = Extract<keyof Streams, string>;
	const open = new Map<Key, Readable<{ tag: string }>>();
	for (const key in streams) {
		const stream = streams[key];
		if (stream !== undefined) open.set(key, stream);
	}
	while (open.size > 0) {
		let idle = true;
		for (const [from, stream] of open) {
			const event = hostcall(() => stream.tryNext()) as EventOf<Streams[keyof Streams]> | null | undefined;
			if (event === null || event === undefined) continue;
			idle = false;
			if (isTerminal(event)) open.delete(from);
			yield { from, event };
		}
		if (idle && !waitAny([...open.values()], options.timeoutMs)) return;
	}
}

/** Waits until a stream has an event. Returns false if the time passes first. */
function waitAny(streams: readonly Readable<unknown>[], timeoutMs: number | undefined): boolean {
	const pollables = streams.map((stream) => stream.subscribe());
	if (timeoutMs !== undefined) pollables.push(subscribeDuration(timeoutMs));
	try {
		return poll(pollables).some((index) => index < streams.length);
	} finally {
		for (const pollable of pollables) pollable[Symbol.dispose]();
	}
}

function isTerminal(event: { tag: string }): boolean {
	return event.tag === "completed" || event.tag === "failed";
}

/** Pauses the run for `ms` milliseconds. The host continues to serve other guests. */
export function sleep(ms: number): void {
	const timer = subscribeDuration(ms);
	try {
		timer.block();
	} finally {
		timer[Symbol.dispose]();
	}
}
