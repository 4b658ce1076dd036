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
	title: "half of the instances die and come back",
	good: `Eight instances in two regions share 80 requests a second. At 30 s one region dies: connections break and are refused; at 90 s
it is back. A good router loses next to no request to that: what broke or is refused goes to another instance at once, and fails only when that
is dead twice more. Once the breakers are open the dead see single trials,
fewer and fewer, and once one of those succeeds the instance is let in step by step.`,
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
				all.map(({ label, run }) => ({ label, metrics: metricsOf(run), more: [noticing(run), trials(run), back(run)] })),
				[
					{ title: "failures at first", unit: "count" },
					{ title: "trials", unit: "count" },
					{ title: "half back after", unit: "s" },
				],
			),
			checks: [
				atLeast("answered", -worst((run) => -successShare(run.requests)), 0.999, "share"),
				atMost(
					"most attempts of a request",
					worst((run) => metricsOf(run).attemptsMax),
					3,
					"count",
				),
				atMost("trials of each dead instance in a minute", worst(trials) / DEAD.size, 5, "count"),
				atMost(
					"p99 while half is dead to that before",
					worst((run) => answerMs(between(run, NOTICED, TO), 0.99) / answerMs(between(run, 0, FROM), 0.99)),
					1.2,
					"ratio",
				),
				atMost("half of its share back after", worst(back), 60, "s"),
			],
			panel: {
				plots: [
					{
						title: "share of the region that dies",
						x: "seconds",
						y: "%",
						shaded,
						lines: all.map(({ label, run }) => overTime(label, run, 4_000, (requests) => 100 * answeredBy(requests, DEAD))),
					},
					{
						title: "requests that region saw",
						x: "seconds",
						y: "a second",
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

const noticing = (run: Run): number => seenBy(run, DEAD, FROM, NOTICED);
const trials = (run: Run): number => seenBy(run, DEAD, NOTICED, TO);

/** Seconds until the region has half of an even share again, over 4 s. */
function back(run: Run): number {
	for (let from = TO; from < FOR; from += 1_000) {
		if (answeredBy(between(run, from, from + 4_000), DEAD) >= 0.25) return (from - TO) / 1_000;
	}
	return Number.POSITIVE_INFINITY;
}
