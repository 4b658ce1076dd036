import { type Pollable, poll, subscribeDuration } from "spear:ai/poll@0.1.0";
import { hostcall } from "./errors.ts";

/** A stream of any family: it can be asked without waiting, and waited for together with others. */
export interface Readable<Event> {
	tryNext(): Event | null | undefined;
	subscribe(): Pollable;
}

/** An event of one of several streams. */
export interface Selected<Key extends string, Event> {
	/** Which stream it came from. */
	readonly from: Key;
	readonly event: Event;
}

type EventOf<Stream> = Stream extends Readable<infer Event> ? Event : never;

/**
 * Delivers the events of several streams as they come, until each has had its last (`completed` or `failed`).
 *
 * With `timeoutMs`, it ends early when nothing came for that long. The streams stay the caller's to dispose.
 *
 *     for (const { from, event } of select({ fast, thorough })) …
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
		let quiet = true;
		for (const [from, stream] of open) {
			const event = hostcall(() => stream.tryNext()) as EventOf<Streams[keyof Streams]> | null | undefined;
			if (event === null || event === undefined) continue;
			quiet = false;
			if (isLast(event)) open.delete(from);
			yield { from, event };
		}
		if (quiet && !waitAny([...open.values()], options.timeoutMs)) return;
	}
}

/** Waits until one of the streams has something; false when the time was up first. */
function waitAny(streams: readonly Readable<unknown>[], timeoutMs: number | undefined): boolean {
	const pollables = streams.map((stream) => stream.subscribe());
	if (timeoutMs !== undefined) pollables.push(subscribeDuration(timeoutMs));
	try {
		return poll(pollables).some((index) => index < streams.length);
	} finally {
		for (const pollable of pollables) pollable[Symbol.dispose]();
	}
}

function isLast(event: { tag: string }): boolean {
	return event.tag === "completed" || event.tag === "failed";
}

/** Lets the run rest for `ms` milliseconds; the host serves others meanwhile. */
export function sleep(ms: number): void {
	const timer = subscribeDuration(ms);
	try {
		timer.block();
	} finally {
		timer[Symbol.dispose]();
	}
}
