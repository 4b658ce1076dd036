import type * as rt from "../../../generated/ir/rt.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { type OpenChannel, RealtimeSession, type RealtimeSessionOptions } from "../../../src/stream/realtime/session.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";
import { ScriptedChannel } from "../../helpers/scripted-channel.ts";

export const AUDIO = (byte: number, length = 100): rt.Event & { type: "audio" } => ({
	type: "audio",
	audio: { item_id: "i", audio: new Uint8Array(length).fill(byte) },
});
export const STARTED = { type: "response_started", response_started: "r" } as const;

const QUEUE: rt.Queue = { max_bytes: 1024, overflow: "refuse" };

export interface Failure {
	readonly code: string;
	readonly message: string;
}

export interface Fixture {
	readonly session: RealtimeSession;
	readonly channel: ScriptedChannel;
	readonly clock: FakeClock;
	readonly abort: AbortController;
	/** Outcomes that the router was notified of. */
	readonly outcomes: unknown[];
	/** Failures that the router was notified of. */
	readonly failures: SpearError[];
	/** Time of each call of `onEnd`. */
	readonly ends: number[];
	/** Signals that connections were established with. */
	readonly signals: AbortSignal[];
}

/** @param more Options of the session, and the downgrades of its connection. */
export function fixture(
	more: Partial<RealtimeSessionOptions> & Pick<OpenChannel, "downgrades"> = {},
): Fixture & { connect(): Promise<void> } {
	const channel = new ScriptedChannel();
	const clock = new FakeClock();
	const abort = new AbortController();
	const outcomes: unknown[] = [];
	const failures: SpearError[] = [];
	const ends: number[] = [];
	const signals: AbortSignal[] = [];
	const session = new RealtimeSession({
		sendQueue: QUEUE,
		receiveQueue: QUEUE,
		maxMs: 60_000,
		idleMs: 10_000,
		closeMs: 1000,
		signal: abort.signal,
		clock,
		onEnd: () => ends.push(clock.now()),
		...more,
	});
	const open: OpenChannel = {
		channel,
		...(more.downgrades === undefined ? {} : { downgrades: more.downgrades }),
		record: () => {},
		end(outcome) {
			if ("failure" in outcome) failures.push(outcome.failure);
			outcomes.push("failure" in outcome ? outcome.failure.code : "completed");
			return "failure" in outcome ? outcome.failure.with({ operation: "realtime_voice" }) : undefined;
		},
	};
	const connect = (): Promise<void> =>
		session.connect(async () => async (signal) => {
			signals.push(signal);
			return open;
		});
	return { session, channel, clock, abort, outcomes, failures, ends, signals, connect };
}

export async function connected(more: Parameters<typeof fixture>[0] = {}): Promise<Fixture> {
	const made = fixture(more);
	await made.connect();
	return made;
}

/** Waits until promises that are resolved already have continued. */
export async function turns(count = 5): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** Returns code and message of the SpearError that `run` throws. */
export function failureOf(run: () => unknown): Failure {
	try {
		run();
	} catch (thrown) {
		if (thrown instanceof SpearError) return { code: thrown.code, message: thrown.message };
		throw thrown;
	}
	throw new Error("the call should have thrown");
}

/** Returns code and message of the SpearError that a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Failure> {
	const [result] = await Promise.allSettled([promise]);
	return failureOf(() => {
		if (result?.status === "rejected") throw result.reason;
	});
}

/** Reads every event up to the terminal one. */
export async function readAll(session: RealtimeSession): Promise<rt.Event[]> {
	const events: rt.Event[] = [];
	for (;;) {
		const event = await session.next();
		events.push(event);
		if (event.type === "completed" || event.type === "failed") return events;
	}
}

export const COMPLETED: rt.Response = { sent_audio_bytes: 0, received_audio_bytes: 0, dropped_input: 0, dropped_events: 0, duration_ms: 0 };
