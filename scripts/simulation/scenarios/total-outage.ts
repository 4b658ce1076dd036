import type { Condition } from "../../../src/simulation/condition.ts";
import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime, rateOverTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { between, quantile, seenBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const FROM = 30_000;
const TO = 75_000;
const FOR = 130_000;
const PER_SECOND = 60;

export const totalOutage: Scenario = {
	name: "total-outage",
	title: "all instances fail for a while",
	expected: `Six instances share ${PER_SECOND} requests per second. From 30 s to 75 s all of them fail: with 503, or by refusing
connections. No request can be answered then. A good router fails requests soon, with a time for a retry. It does not multiply the load of
upstreams that recover: attempts per request are bounded, and attempts per second stay far below the arriving requests. It serves again within
seconds of their recovery.`,
	async play(seed) {
		const play = variants({ seed, instances: [], load: { perSecond: PER_SECOND, forMs: FOR } });
		const busy = await play("503", { instances: sixWith({ type: "status", status: 503 }) });
		const dead = await play("connection refused", { instances: sixWith({ type: "dead" }) });
		const all = [busy, dead];
		const worst = (measure: (run: Run) => number): number => Math.max(...all.map(({ run }) => measure(run)));
		const shaded = [[FROM / 1_000, TO / 1_000]] as const;
		return {
			table: metricsTable(
				"failure",
				["requests", "success", "attemptsMax", "fallbacks", "retries", "opened", "waited", "rejected"],
				all.map(({ label, run }) => ({
					label,
					metrics: metricsOf(run),
					more: [perSecond(run), failMs(run, 0.5), failMs(run, 1), recovery(run)],
				})),
				[
					{ title: "attempts in the outage", unit: "rate" },
					{ title: "time to an error, p50", unit: "ms" },
					{ title: "time to an error, max", unit: "ms" },
					{ title: "recovered after", unit: "s" },
				],
			),
			checks: [
				atMost(
					"max attempts of a request",
					worst((run) => metricsOf(run).attemptsMax),
					3,
					"count",
				),
				atMost("attempts in the outage, relative to arriving requests", worst(perSecond) / PER_SECOND, 0.1, "ratio"),
				atMost(
					"longest time to an error, with waits and pauses",
					worst((run) => failMs(run, 1)),
					10_000,
					"ms",
				),
				atLeast("errors that name a time for a retry", -worst((run) => -shareWithRetryAfter(run)), 0.95, "share"),
				atMost("99% answered over 2 s, from the end of the outage after", worst(recovery), 10, "s"),
				atLeast("answered before and after", -worst((run) => -successShare(healthy(run))), 0.999, "share"),
			],
			panel: {
				plots: [
					{
						title: "answered",
						x: "seconds",
						y: "%",
						shaded,
						lines: all.map(({ label, run }) => overTime(label, run, 2_000, (requests) => 100 * successShare(requests))),
					},
					{
						title: "requests to upstreams",
						x: "seconds",
						y: "per second",
						shaded,
						lines: all.map(({ label, run }) =>
							rateOverTime(
								label,
								[...run.upstreams.values()].flatMap(({ seen }) => seen),
								FOR,
								1_000,
							),
						),
					},
				],
			},
		};
	},
};

const sixWith = (condition: Condition) => members(6, () => ({ phases: [{ from: FROM, to: TO, condition }] }));
const failed = (run: Run) => run.requests.filter(({ error }) => error !== undefined);
const perSecond = (run: Run): number => seenBy(run, run.upstreams.keys(), FROM, TO) / ((TO - FROM) / 1_000);
const failMs = (run: Run, part: number): number =>
	quantile(
		failed(run).map(({ latencyMs }) => latencyMs),
		part,
	);
const healthy = (run: Run) => [...between(run, 0, FROM - 2_000), ...between(run, TO + recovery(run) * 1_000, FOR)];

/** Share of the errors that name a time for a retry. */
function shareWithRetryAfter(run: Run): number {
	const all = failed(run);
	return all.filter(({ error }) => error?.retryAfterMs !== undefined).length / all.length;
}

/** Seconds after the outage from which 99 of 100 requests are answered again. */
function recovery(run: Run): number {
	for (let from = TO; from < FOR; from += 500) if (successShare(between(run, from, from + 2_000)) >= 0.99) return (from - TO) / 1_000;
	return Number.POSITIVE_INFINITY;
}
