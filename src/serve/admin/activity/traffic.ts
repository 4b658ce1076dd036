import { isInstanceFailure } from "../../../host/status/attempt-meter.ts";
import type { ObservedDecision } from "../../../router/decision/decision-observers.ts";
import type { Decision, Traffic as TrafficAnswer, TrafficSeries } from "../api.ts";
import { LATENCY_BOUNDS_MS } from "./latency-bounds.ts";
import { TrafficColumns, type TrafficSample } from "./traffic-columns.ts";

/** Resolutions: the last 5 minutes by second, and the last 6 hours by minute. */
export const RESOLUTIONS = { "1s": { stepMs: 1_000, columns: 300 }, "1m": { stepMs: 60_000, columns: 360 } } as const;

export type Resolution = keyof typeof RESOLUTIONS;

export const DIMENSIONS = ["total", "operation", "guest", "backend"] as const;

export type Dimension = (typeof DIMENSIONS)[number];

/** Names of one dimension that are counted separately. */
const MAX_NAMES = 32;

/** Time without requests after which another name takes the place of one, in milliseconds. */
const IDLE_MS = 3_600_000;

/** Selection of series and columns. */
export interface TrafficQuery {
	readonly resolution: Resolution;
	readonly by: Dimension;
	/** A single series. Absent for all. */
	readonly name?: string | undefined;
	/** Number of columns. */
	readonly columns: number;
	/** False to leave the histograms empty. */
	readonly latency: boolean;
}

/** A series in every resolution. */
class Series {
	readonly #columns = {
		"1s": new TrafficColumns(RESOLUTIONS["1s"].stepMs, RESOLUTIONS["1s"].columns),
		"1m": new TrafficColumns(RESOLUTIONS["1m"].stepMs, RESOLUTIONS["1m"].columns),
	};
	lastAtMs = 0;

	add(sample: TrafficSample, wallMs: number): void {
		this.lastAtMs = wallMs;
		this.#columns["1s"].add(sample, wallMs);
		this.#columns["1m"].add(sample, wallMs);
	}

	of(name: string, isRest: boolean, { resolution, columns, latency }: TrafficQuery, wallMs: number): TrafficSeries {
		return { name, is_rest: isRest, ...this.#columns[resolution].values(wallMs, columns, latency) };
	}
}

/** The series of one dimension, in bounded number. */
class SeriesByName {
	readonly #byName = new Map<string, Series>();
	#rest: Series | undefined;

	add(name: string, sample: TrafficSample, wallMs: number): void {
		this.#of(name, wallMs).add(sample, wallMs);
	}

	list(query: TrafficQuery, wallMs: number): TrafficSeries[] {
		const { name: only } = query;
		const named = [...this.#byName].filter(([name]) => only === undefined || name === only);
		const series = named.map(([name, each]) => each.of(name, false, query, wallMs)).sort((a, b) => sum(b.requests) - sum(a.requests));
		return only === undefined && this.#rest !== undefined ? [...series, this.#rest.of("", true, query, wallMs)] : series;
	}

	#of(name: string, wallMs: number): Series {
		const existing = this.#byName.get(name);
		if (existing !== undefined) return existing;
		if (this.#byName.size >= MAX_NAMES) this.#deleteIdle(wallMs);
		if (this.#byName.size >= MAX_NAMES) {
			this.#rest ??= new Series();
			return this.#rest;
		}
		const created = new Series();
		this.#byName.set(name, created);
		return created;
	}

	#deleteIdle(wallMs: number): void {
		for (const [name, { lastAtMs }] of this.#byName) if (wallMs - lastAtMs > IDLE_MS) this.#byName.delete(name);
	}
}

/** Requests that have ended, in windows of time: all, by operation and by guest; and attempts by backend. */
export class Traffic {
	readonly #total = new Series();
	readonly #operations = new SeriesByName();
	readonly #guests = new SeriesByName();
	readonly #backends = new SeriesByName();

	record(
		{ decision: { usage, cost, outcomes } }: ObservedDecision,
		{ guest, operation, status, first_output_ms, backend, timeline, ended_at_ms }: Decision,
	): void {
		const amounts = { inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0, cost: cost ?? 0 };
		const sample = { isError: status === "failed", ...amounts, latencyMs: first_output_ms };
		this.#total.add(sample, ended_at_ms);
		this.#operations.add(operation, sample, ended_at_ms);
		this.#guests.add(guest, sample, ended_at_ms);
		const chosen = timeline.findLastIndex((attempt) => attempt.backend === backend);
		for (const [index, attempt] of timeline.entries()) {
			const outcome = outcomes[index];
			const isError = outcome !== undefined && isInstanceFailure(outcome);
			// Usage and cost are those of the chosen attempt.
			const own = index === chosen ? amounts : { inputTokens: 0, outputTokens: 0, cost: 0 };
			this.#backends.add(attempt.backend, { isError, ...own, latencyMs: attempt.first_output_ms }, ended_at_ms);
		}
	}

	/** @param wallMs Present time, in milliseconds since 1970. */
	answer(query: TrafficQuery, wallMs: number): TrafficAnswer {
		const { stepMs } = RESOLUTIONS[query.resolution];
		return {
			resolution_ms: stepMs,
			by: query.by,
			start_at_ms: (Math.floor(wallMs / stepMs) - query.columns + 1) * stepMs,
			columns: query.columns,
			latency_bounds_ms: [...LATENCY_BOUNDS_MS],
			series: this.#series(query, wallMs),
		};
	}

	#series(query: TrafficQuery, wallMs: number): TrafficSeries[] {
		switch (query.by) {
			case "total":
				return [this.#total.of("", false, query, wallMs)];
			case "operation":
				return this.#operations.list(query, wallMs);
			case "guest":
				return this.#guests.list(query, wallMs);
			case "backend":
				return this.#backends.list(query, wallMs);
		}
	}
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
