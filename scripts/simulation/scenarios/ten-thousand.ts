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
const BAD_EVERY = 33;
const BAD = new Set(Array.from({ length: Math.floor(COUNT / BAD_EVERY) }, (_, index) => `m${(index + 1) * BAD_EVERY}`));
/** Answers in a tenth of the usual time: fewer in flight to keep track of. */
const QUICK = { ...USUAL_LATENCY, medianMs: 40 };
const FOR = 10_000;
const PER_SECOND = 10_000;
/** By then most of the bad ones have had the failures that give them away. */
const LAST = 7_500;

export const tenThousand: Scenario = {
	name: "ten-thousand",
	title: "ten thousand instances, some of them bad",
	good: `Ten thousand instances get 10,000 requests a second, one each; 3% of them answer everything with 500. A good router spreads evenly over the rest
and soon leaves the bad ones alone, although it sees each of them rarely; callers notice nothing. A decision looks at a
few instances, however many there are.`,
	async play(seed) {
		const instances = members(COUNT, (number) =>
			number % BAD_EVERY === 0
				? { latency: QUICK, phases: [{ from: 0, to: FOR * 2, condition: { type: "status", status: 500 } }] }
				: { latency: QUICK },
		);
		const play = variants({
			seed,
			instances,
			load: { perSecond: PER_SECOND, forMs: FOR },
			events: false,
			// A decision that is kept judges every instance: with so many of them not for every tenth request.
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
					more: [badPart(run, 0, 3_000), badPart(run, LAST, FOR), spread(run), highest(run)],
				})),
				[
					{ title: "at bad ones at first", unit: "share" },
					{ title: "at the end", unit: "share" },
					{ title: "spread", unit: "share" },
					{ title: "highest to mean", unit: "ratio" },
				],
			),
			checks: [
				atLeast("answered", -worst((run) => -successShare(run.requests)), 0.9999, "share"),
				atMost(
					"attempts at bad ones at the end, where 3% would be blind",
					worst((run) => badPart(run, LAST, FOR)),
					0.015,
					"share",
				),
				atMost("`weighted_round_robin`: standard deviation of the good ones' requests to their mean", spread(turns.run), 0.05, "share"),
				atMost("`ewma_latency`: the same (by chance alone it would be 32%)", spread(ewma.run), 0.35, "share"),
				atMost("highest number of requests to the mean (by chance alone about 2.5)", worst(highest), 2.6, "ratio"),
			],
			panel: {
				plots: [
					{
						title: "attempts at bad instances",
						x: "seconds",
						y: "% of attempts",
						lines: all.map(({ label, run }) =>
							overTime(label, run, 500, (requests) => {
								const attempts = requests.flatMap((request) => request.attempts);
								return (100 * attempts.filter(({ backend }) => BAD.has(backend)).length) / attempts.length;
							}),
						),
					},
				],
			},
		};
	},
};

function badPart(run: Run, from: number, to: number): number {
	return seenBy(run, BAD, from, to) / seenBy(run, run.upstreams.keys(), from, to);
}

/** How many requests each of the good ones saw. */
function loads({ upstreams }: Run): number[] {
	return [...upstreams].flatMap(([name, { seen }]) => (BAD.has(name) ? [] : [seen.length]));
}

function spread(run: Run): number {
	const all = loads(run);
	const middle = mean(all);
	return Math.sqrt(mean(all.map((load) => (load - middle) ** 2))) / middle;
}

function highest(run: Run): number {
	const all = loads(run);
	return all.reduce((most, load) => Math.max(most, load), 0) / mean(all);
}
