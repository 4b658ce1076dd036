import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Charge, LimitStore } from "../../src/router/limits/limit-store.ts";

/** A limit under load, and the load of one host. */
export interface LimitLoad {
	readonly charge: Omit<Charge, "amount">;
	/** Amounts of requests, drawn at random. */
	readonly amounts: readonly number[];
	/** Requests of this host per second. */
	readonly perSecond: number;
	readonly durationMs: number;
	/** Start of the load, in milliseconds since 1970: the same for all hosts. */
	readonly startAtMs: number;
}

/** Outcome of one host's load. */
export interface LoadOutcome {
	/** Granted amounts, in bins of 50 ms from the start. */
	readonly bins: readonly number[];
	readonly granted: number;
	readonly asked: number;
	/** Part of the decisions that needed no call. */
	readonly immediate: number;
	/** Cost of a decision that needed no call, in microseconds: the median and the 99th percentile. */
	readonly microseconds: { readonly p50: number; readonly p99: number };
	/** Median cost of the same decision by the other store, in turns with it. 0 without one. */
	readonly besideMicroseconds: number;
	/** Longest time that the event loop was held up, in milliseconds. */
	readonly longestStallMs: number;
}

export const BIN_MS = 50;

/**
 * Loads a store at a steady rate, however late the answers are.
 *
 * @param beside A store in the process that decides the same requests in turns, to compare the costs. The default is none.
 */
export async function load(
	store: LimitStore,
	{ charge, amounts, perSecond, durationMs, startAtMs }: LimitLoad,
	beside?: LimitStore,
): Promise<LoadOutcome> {
	const bins = new Array<number>(Math.ceil(durationMs / BIN_MS) + 20).fill(0);
	const costs: number[] = [];
	const late: Promise<void>[] = [];
	let [asked, granted, immediate] = [0, 0, 0];
	const count = (amount: number): void => {
		const bin = Math.floor((Date.now() - startAtMs) / BIN_MS);
		bins[bin] = (bins[bin] ?? 0) + amount;
		granted += amount;
	};
	const besideCosts: number[] = [];
	const compare = (amount: number): void => {
		if (beside === undefined) return;
		const before = performance.now();
		beside.reserve([{ ...charge, amount }]);
		besideCosts.push((performance.now() - before) * 1_000);
	};
	const request = (): void => {
		const amount = amounts[asked % amounts.length] ?? 1;
		asked += 1;
		// Each is first as often as the other: the first one finds the caches cold.
		const isFirst = asked % 2 === 0;
		if (!isFirst) compare(amount);
		decide(amount);
		if (isFirst) compare(amount);
	};
	const decide = (amount: number): void => {
		const before = performance.now();
		const result = store.reserve([{ ...charge, amount }]);
		const cost = performance.now() - before;
		if (result instanceof Promise) {
			late.push(result.then((answer) => (answer.granted ? count(amount) : undefined)));
			return;
		}
		immediate += 1;
		costs.push(cost * 1_000);
		if (result.granted) count(amount);
	};
	const stalls = monitorEventLoopDelay({ resolution: 5 });
	await new Promise((resolve) => setTimeout(resolve, Math.max(0, startAtMs - Date.now())));
	stalls.enable();
	await new Promise<void>((resolve) => {
		const timer = setInterval(() => {
			const due = (Math.min(Date.now() - startAtMs, durationMs) * perSecond) / 1_000;
			while (asked < due) request();
			if (Date.now() - startAtMs < durationMs) return;
			clearInterval(timer);
			resolve();
		}, 2);
	});
	stalls.disable();
	await Promise.all(late);
	const quantile = (of: number[], part: number): number => of.sort((a, b) => a - b)[Math.floor(of.length * part)] ?? 0;
	return {
		bins,
		granted,
		asked,
		immediate: immediate / asked,
		microseconds: { p50: quantile(costs, 0.5), p99: quantile(costs, 0.99) },
		besideMicroseconds: quantile(besideCosts, 0.5),
		longestStallMs: stalls.max / 1e6,
	};
}

/** Returns the largest amount that all hosts together granted within any second, in steps of one bin. */
export function largestSecond(outcomes: readonly LoadOutcome[]): number {
	const perSecond = 1_000 / BIN_MS;
	const length = Math.max(...outcomes.map(({ bins }) => bins.length));
	const sums = Array.from({ length }, (_, bin) => outcomes.reduce((sum, { bins }) => sum + (bins[bin] ?? 0), 0));
	let largest = 0;
	for (let end = 0; end < length; end++) {
		const second = sums.slice(Math.max(0, end - perSecond + 1), end + 1);
		largest = Math.max(
			largest,
			second.reduce((sum, each) => sum + each, 0),
		);
	}
	return largest;
}
