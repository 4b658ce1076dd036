import type { RequestRecord, Run } from "./run.ts";

/** The value that this part of the values does not exceed; NaN for none. */
export function quantile(values: readonly number[], part: number): number {
	const sorted = Float64Array.from(values).sort();
	return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
	return sum(values) / values.length;
}

/** The requests that came in a time. */
export function between({ requests }: Run, from: number, to: number): RequestRecord[] {
	return requests.filter(({ at }) => at >= from && at < to);
}

export function successShare(requests: readonly RequestRecord[]): number {
	return requests.filter(({ error }) => error === undefined).length / requests.length;
}

/** A quantile of the time until the answer; those that failed are left aside. */
export function answerMs(requests: readonly RequestRecord[], part: number): number {
	return quantile(
		requests.flatMap(({ error, latencyMs }) => (error === undefined ? [latencyMs] : [])),
		part,
	);
}

/** The part of the answers that these instances gave. */
export function answeredBy(requests: readonly RequestRecord[], instances: ReadonlySet<string>): number {
	const answers = requests.filter(({ instance }) => instance !== undefined);
	return answers.filter(({ instance }) => instance !== undefined && instances.has(instance)).length / answers.length;
}

/** Requests that reached these upstreams in a time. */
export function seenBy({ upstreams }: Run, instances: Iterable<string>, from = 0, to = Number.POSITIVE_INFINITY): number {
	let seen = 0;
	for (const name of instances) seen += upstreams.get(name)?.seen.filter((at) => at >= from && at < to).length ?? 0;
	return seen;
}
