import type { RealtimeVoiceChannel } from "../../generated/backends/realtime-voice.ts";
import type * as rt from "../../generated/ir/rt.ts";
import { SpearError } from "../errors/spear-error.ts";
import { checkedEvent, checkedResult } from "../operations/checked-answer.ts";
import { type Called, checkedEvents, guarded } from "./checked-events.ts";

/** Functions of a channel. */
const FUNCTIONS = ["send", "drain", "close", "report"] as const;

/** Members of a session's result that the host itself counts. */
const COUNTED = { sent_audio_bytes: 0, received_audio_bytes: 0, dropped_input: 0, dropped_events: 0, duration_ms: 0 };

/**
 * Returns a channel whose events are validated, and whose functions fail in order. A session calls most of them where no caller could
 * receive a failure. Otherwise an adapter that throws in `close` or `report` would end the process.
 *
 * @throws SpearError `backend_error` for a value that is no channel.
 */
export function checkedChannel(channel: unknown, called: Called): RealtimeVoiceChannel {
	if (!isObject(channel)) throw wrong(called, "opened no session: the channel is no object");
	const missing = FUNCTIONS.find((name) => typeof channel[name] !== "function");
	if (missing !== undefined) {
		void attempt(channel, "close", []).catch(() => {});
		throw wrong(called, `opened no session: the channel has no function '${missing}'`);
	}
	const call = async (name: string, args: readonly unknown[]): Promise<void> => {
		await guarded(() => attempt(channel, name, args), called.key);
	};
	return {
		events: checkedEvents(channel.events, called, (event) => channelEvent(event, called)),
		send: (input) => call("send", [input]),
		drain: () => call("drain", []),
		close: () => call("close", []),
		report: () => checkedReport(channel, called),
	};
}

/** Returns an event of an adapter. The last event is the host's: a guest receives exactly one. */
function channelEvent(value: unknown, called: Called): Exclude<rt.Event, { type: "completed" | "failed" }> {
	const event = checkedEvent("realtime_voice", value, called.name);
	if (event.type === "completed" || event.type === "failed")
		throw wrong(called, `returned an event '${event.type}' of a session, which only the host makes`);
	return event;
}

/** Returns the figures that an adapter reports; none if they have another shape. The session has its result all the same. */
function checkedReport(channel: Readonly<Record<string, unknown>>, { name }: Called): Partial<rt.Response> {
	try {
		const report: unknown = typeof channel.report === "function" ? Reflect.apply(channel.report, channel, []) : undefined;
		const {
			sent_audio_bytes: _s,
			received_audio_bytes: _r,
			dropped_input: _i,
			dropped_events: _e,
			duration_ms: _d,
			...figures
		} = checkedResult("realtime_voice", isObject(report) ? { ...report, ...COUNTED } : report, name);
		return figures;
	} catch {
		return {};
	}
}

async function attempt(channel: Readonly<Record<string, unknown>>, name: string, args: readonly unknown[]): Promise<unknown> {
	const implementation = channel[name];
	return typeof implementation === "function" ? Reflect.apply(implementation, channel, args) : undefined;
}

function wrong({ name }: Called, what: string): SpearError {
	return new SpearError("backend_error", `backend '${name}' ${what}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
