import { type Pollable, poll, subscribeDuration } from "spear:ai/poll@0.1.0";
import { HostcallError, hostcall } from "./errors.ts";

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

/** Last value of a stream, or its failure. */
export type Settled<Stream> =
	| {
			readonly ok: true;
			readonly value: Extract<EventOf<Stream>, { tag: "completed" }> extends { readonly val: infer Value } ? Value : undefined;
	  }
	| { readonly ok: false; readonly error: HostcallError };

/**
 * Waits until all streams have ended, and returns the outcome of each under its key. A failure of one leaves the others alone. Disposes the streams.
 *
 *     const { short, long } = all({ short: completeStream(a, undefined), long: completeStream(b, undefined) });
 *     if (short.ok) short.value.message …
 *
 * @param options.timeoutMs Ends the wait when no event has arrived for this time, in milliseconds. Streams that have not ended fail with `timeout` then.
 * The default is no limit.
 * @param options.onEvent Receives every event before the end.
 */
export function all<Streams extends Readonly<Record<string, Readable<{ tag: string }> & Disposable>>>(
	streams: Streams,
	options: {
		readonly timeoutMs?: number;
		readonly onEvent?: (selected: Selected<Extract<keyof Streams, string>, EventOf<Streams[keyof Streams]>>) => void;
	} = {},
): { readonly [Key in keyof Streams]: Settled<Streams[Key]> } {
	const settled: Record<string, unknown> = {};
	try {
		for (const selected of select(streams, options)) {
			const { tag, val } = selected.event as { readonly tag: string; readonly val?: unknown };
			if (tag === "completed") settled[selected.from] = { ok: true, value: val };
			else if (tag === "failed") settled[selected.from] = { ok: false, error: failure(val) };
			else options.onEvent?.(selected);
		}
		for (const key in streams)
			settled[key] ??= {
				ok: false,
				error: failure({ code: "timeout", message: `no event within ${options.timeoutMs} ms`, retryable: true }),
			};
	} finally {
		for (const key in streams) streams[key]?.[Symbol.dispose]();
	}
	return settled as { readonly [Key in keyof Streams]: Settled<Streams[Key]> };
}

/** Returns the error of a terminal event: the error itself, or with the part that was received. */
function failure(val: unknown): HostcallError {
	const { error = val } = val as { readonly error?: unknown };
	return new HostcallError(error as HostcallError["record"]);
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
