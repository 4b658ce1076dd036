import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime, rateOverTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answeredBy, answerMs, between, seenBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const DEAD = new Set(["m1", "m2", "m3", "m4"]);
const FROM = 30_000;
const TO = 90_000;
const FOR = 160_000;
/** By then the breakers are open. */
const NOTICED = FROM + 2_000;

export const deadRegion: Scenario = {
	name: "dead-region",
	title: "half of the instances stop and start again",
	expected: `Eight instances in two regions share 80 requests per second. At 30 s one region stops: connections break and new ones are
refused. At 90 s it starts again. A good router loses almost no requests: a request that failed goes to another instance at once, and fails
for its caller only after three dead instances. When the breakers are open, dead instances get single trials at growing intervals. After a
successful trial the load of the instance grows step by step.`,
	async play(seed) {
		const play = variants({
			seed,
			instances: members(8, (number) =>
				DEAD.has(`m${number}`) ? { region: "west", phases: [{ from: FROM, to: TO, condition: { type: "dead" } }] } : { region: "east" },
			),
			load: { perSecond: 80, forMs: FOR },
		});
		const turns = await play("`round_robin`", { route: { policy: "round_robin" } });
		const ewma = await play("`ewma_latency`", { route: { policy: "ewma_latency" } });
		const hash = await play("`consistent_hash`", { route: { policy: "consistent_hash" }, session: (request) => `s${request % 500}` });
		const all = [turns, ewma, hash];
		const worst = (measure: (run: Run) => number): number => Math.max(...all.map(({ run }) => measure(run)));
		const shaded = [[FROM / 1_000, TO / 1_000]] as const;
		return {
			table: metricsTable(
				"policy",
				["success", "p50Ms", "p99Ms", "attemptsMean", "attemptsMax", "fallbacks", "opened", "waited"],
				all.map(({ label, run }) => ({ label, metrics: metricsOf(run), more: [failuresAtFirst(run), trials(run), secondsToHalf(run)] })),
				[
					{ title: "failures at first", unit: "count" },
					{ title: "trials", unit: "count" },
					{ title: "half of its share after", unit: "s" },
				],
			),
			checks: [
				atLeast("answered", -worst((run) => -successShare(run.requests)), 0.999, "share"),
				atMost(
					"max attempts of a request",
					worst((run) => metricsOf(run).attemptsMax),
					3,
					"count",
				),
				atMost("trials per dead instance in a minute", worst(trials) / DEAD.size, 5, "count"),
				atMost(
					"p99 while half of the instances are dead, relative to p99 before",
					worst((run) => answerMs(between(run, NOTICED, TO), 0.99) / answerMs(between(run, 0, FROM), 0.99)),
					1.2,
					"ratio",
				),
				atMost("half of its share again after", worst(secondsToHalf), 60, "s"),
			],
			panel: {
				plots: [
					{
						title: "share of the region that stops",
						x: "seconds",
						y: "%",
						shaded,
						lines: all.map(({ label, run }) => overTime(label, run, 4_000, (requests) => 100 * answeredBy(requests, DEAD))),
					},
					{
						title: "requests to that region",
						x: "seconds",
						y: "per second",
						shaded,
						lines: all.map(({ label, run }) =>
							rateOverTime(
								label,
								[...DEAD].flatMap((name) => run.upstreams.get(name)?.seen ?? []),
								FOR,
								4_000,
							),
						),
					},
				],
			},
		};
	},
};

const failuresAtFirst = (run: Run): number => seenBy(run, DEAD, FROM, NOTICED);
const trials = (run: Run): number => seenBy(run, DEAD, NOTICED, TO);

/** Seconds until the region has half of an even share again, over 4 s. */
function secondsToHalf(run: Run): number {
	for (let from = TO; from < FOR; from += 1_000) {
		if (answeredBy(between(run, from, from + 4_000), DEAD) >= 0.25) return (from - TO) / 1_000;
	}
	return Number.POSITIVE_INFINITY;
}
