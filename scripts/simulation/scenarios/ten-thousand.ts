import { atLeast, atMost } from "../check.ts";
import { members, USUAL_LATENCY } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { mean, seenBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const COUNT = 10_000;
const FAILING_EVERY = 33;
const FAILING = new Set(Array.from({ length: Math.floor(COUNT / FAILING_EVERY) }, (_, index) => `m${(index + 1) * FAILING_EVERY}`));
/** A tenth of the usual latency, so that fewer requests are in flight and the simulation is faster. */
const QUICK = { ...USUAL_LATENCY, medianMs: 40 };
const FOR = 10_000;
const PER_SECOND = 10_000;
/** By then most failing instances have had enough failures for their breakers to open. */
const LAST = 7_500;

export const tenThousand: Scenario = {
	name: "ten-thousand",
	title: "ten thousand instances, some of which fail",
	expected: `Ten thousand instances get 10,000 requests per second, one each. 3% of them answer every request with 500. A good router
balances evenly over the others and soon stops using the failing ones, although each of them gets few requests. Callers do not notice. A
decision looks at a few instances, however many there are.`,
	async play(seed) {
		const instances = members(COUNT, (number) =>
			number % FAILING_EVERY === 0
				? { latency: QUICK, phases: [{ from: 0, to: FOR * 2, condition: { type: "status", status: 500 } }] }
				: { latency: QUICK },
		);
		const play = variants({
			seed,
			instances,
			load: { perSecond: PER_SECOND, forMs: FOR },
			events: false,
			// A kept decision looks at all instances: too slow for every tenth request.
			settings: { decisionLog: { ratio: 0.001, capacity: 256 } },
		});
		const turns = await play("`weighted_round_robin`", { route: { policy: "weighted_round_robin" } });
		const ewma = await play("`ewma_latency`", { route: { policy: "ewma_latency" } });
		const all = [turns, ewma];
		const worst = (measure: (run: Run) => number): number => Math.max(...all.map(({ run }) => measure(run)));
		return {
			table: metricsTable(
				"policy",
				["requests", "success", "p50Ms", "p99Ms", "attemptsMean", "attemptsMax"],
				all.map(({ label, run }) => ({
					label,
					metrics: metricsOf(run),
					more: [failingPart(run, 0, 3_000), failingPart(run, LAST, FOR), spread(run), highest(run)],
				})),
				[
					{ title: "attempts at failing instances, first 3 s", unit: "share" },
					{ title: "last 2.5 s", unit: "share" },
					{ title: "deviation of requests", unit: "share" },
					{ title: "max to mean", unit: "ratio" },
				],
			),
			checks: [
				atLeast("answered", -worst((run) => -successShare(run.requests)), 0.9999, "share"),
				atMost(
					"attempts at failing instances in the last 2.5 s; 3% without any mechanism",
					worst((run) => failingPart(run, LAST, FOR)),
					0.015,
					"share",
				),
				atMost(
					"`weighted_round_robin`: standard deviation of requests per healthy instance, relative to the mean",
					spread(turns.run),
					0.05,
					"share",
				),
				atMost("`ewma_latency`: the same; 32% for a random choice", spread(ewma.run), 0.35, "share"),
				atMost("max requests of an instance, relative to the mean; about 2.5 for a random choice", worst(highest), 2.6, "ratio"),
			],
			panel: {
				plots: [
					{
						title: "attempts at failing instances",
						x: "seconds",
						y: "% of attempts",
						lines: all.map(({ label, run }) =>
							overTime(label, run, 500, (requests) => {
								const attempts = requests.flatMap((request) => request.attempts);
								return (100 * attempts.filter(({ backend }) => FAILING.has(backend)).length) / attempts.length;
							}),
						),
					},
				],
			},
		};
	},
};

function failingPart(run: Run, from: number, to: number): number {
	return seenBy(run, FAILING, from, to) / seenBy(run, run.upstreams.keys(), from, to);
}

/** Requests per healthy instance. */
function loads({ upstreams }: Run): number[] {
	return [...upstreams].flatMap(([name, { seen }]) => (FAILING.has(name) ? [] : [seen.length]));
}

function spread(run: Run): number {
	const all = loads(run);
	const middle = mean(all);
	return Math.sqrt(mean(all.map((load) => (load - middle) ** 2))) / middle;
}

function highest(run: Run): number {
	const all = loads(run);
	return all.reduce((max, load) => Math.max(max, load), 0) / mean(all);
}
