import type { RequestRecord, Run } from "./run.ts";

/** Returns the value that this part (0 to 1) of the values does not exceed; NaN without values. */
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

/** Returns the requests that arrived between two times. */
export function between({ requests }: Run, from: number, to: number): RequestRecord[] {
	return requests.filter(({ at }) => at >= from && at < to);
}

export function successShare(requests: readonly RequestRecord[]): number {
	return requests.filter(({ error }) => error === undefined).length / requests.length;
}

/** Returns a quantile of the time until the answer, in milliseconds. Failed requests are left out. */
export function answerMs(requests: readonly RequestRecord[], part: number): number {
	return quantile(
		requests.flatMap(({ error, latencyMs }) => (error === undefined ? [latencyMs] : [])),
		part,
	);
}

/** Returns the part of the answers that came from these instances. */
export function answeredBy(requests: readonly RequestRecord[], instances: ReadonlySet<string>): number {
	const answers = requests.filter(({ instance }) => instance !== undefined);
	return answers.filter(({ instance }) => instance !== undefined && instances.has(instance)).length / answers.length;
}

/** Returns the number of requests that reached these upstreams between two times. */
export function seenBy({ upstreams }: Run, instances: Iterable<string>, from = 0, to = Number.POSITIVE_INFINITY): number {
	let seen = 0;
	for (const name of instances) seen += upstreams.get(name)?.seen.filter((at) => at >= from && at < to).length ?? 0;
	return seen;
}
