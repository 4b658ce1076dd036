import type { Decision, DecisionAttempt, DecisionEvent } from "../../../admin/api.ts";

/** Attempts of a request on one scale of time. Positions are percentages of the whole. */
export interface Timeline {
	/** Length of the scale, in milliseconds. */
	readonly lengthMs: number;
	/** Attempts and events in the order of time. */
	readonly entries: readonly TimelineEntry[];
	readonly ticks: readonly Tick[];
}

/** An attempt or an event. */
export type TimelineEntry =
	| { readonly row: TimelineRow; readonly event?: undefined }
	| { readonly event: TimelineEvent; readonly row?: undefined };

export interface TimelineRow {
	readonly attempt: DecisionAttempt;
	readonly start: number;
	readonly width: number;
	/** Position of the first output. Absent without an output. */
	readonly firstOutput?: number;
	/** `won`: its output reached the caller. `lost`: another attempt was faster. */
	readonly outcome: "won" | "lost" | "failed";
}

export interface TimelineEvent {
	readonly event: DecisionEvent;
	readonly at: number;
	/** End of a wait or a pause: the start of the next attempt. Absent for other events. */
	readonly until?: number;
}

export interface Tick {
	readonly ms: number;
	readonly at: number;
}

/** Width of the shortest bar, in percent: a refusal in a millisecond is visible beside an answer of a minute. */
const MIN_WIDTH = 0.6;

/** Events that last until the next attempt. */
const WAITS: readonly DecisionEvent["type"][] = ["queued", "backed_off"];

export function layOut({ timeline, events, duration_ms }: Pick<Decision, "timeline" | "events" | "duration_ms">): Timeline {
	const ends = [duration_ms, ...timeline.map(({ start_ms, latency_ms }) => start_ms + latency_ms), ...events.map(({ at_ms }) => at_ms)];
	const lengthMs = Math.max(1, ...ends);
	const at = (ms: number): number => Math.min(100, Math.max(0, (ms / lengthMs) * 100));
	const rows = timeline.map((attempt): TimelineEntry & { readonly ms: number } => {
		const start = Math.min(at(attempt.start_ms), 100 - MIN_WIDTH);
		const width = Math.max(MIN_WIDTH, at(attempt.start_ms + attempt.latency_ms) - start);
		const firstOutput = attempt.first_output_ms === undefined ? {} : { firstOutput: at(attempt.start_ms + attempt.first_output_ms) };
		return { ms: attempt.start_ms, row: { attempt, start, width, ...firstOutput, outcome: outcomeOf(attempt) } };
	});
	const dots = events.map((event): TimelineEntry & { readonly ms: number } => {
		const next = WAITS.includes(event.type) ? timeline.map(({ start_ms }) => start_ms).filter((ms) => ms >= event.at_ms) : [];
		const until = next.length === 0 ? {} : { until: at(Math.min(...next)) };
		return { ms: event.at_ms, event: { event, at: at(event.at_ms), ...until } };
	});
	const entries = [...rows, ...dots].sort((a, b) => a.ms - b.ms);
	return { lengthMs, entries, ticks: ticksOf(lengthMs, at) };
}

/** An attempt that ended as `cancelled` was overtaken by another one, or its caller went. */
export function outcomeOf({ failure }: DecisionAttempt): TimelineRow["outcome"] {
	if (failure === undefined) return "won";
	return failure === "cancelled" ? "lost" : "failed";
}

/** Returns three to six round times. */
function ticksOf(lengthMs: number, at: (ms: number) => number): Tick[] {
	const power = 10 ** Math.floor(Math.log10(lengthMs));
	const step = [0.2, 0.5, 1, 2].map((each) => each * power).find((each) => lengthMs / each <= 5) ?? power;
	const ticks: Tick[] = [];
	for (let ms = 0; ms <= lengthMs; ms += step) ticks.push({ ms: Math.round(ms * 100) / 100, at: at(ms) });
	return ticks;
}
