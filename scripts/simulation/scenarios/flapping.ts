import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { atLeast, atMost } from "../check.ts";
import { recurring } from "../condition.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime, rateOverTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answeredBy, seenBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const FLAPPING = new Set(["m1"]);
const FROM = 20_000;
const FOR = 200_000;

/** Bad for so long, then good for as long, over and over. */
const QUICK = recurring({ type: "status", status: 500 }, { from: FROM, to: FOR, every: 6_000, lasts: 3_000 });
const SLOW = recurring({ type: "status", status: 500 }, { from: FROM, to: FOR, every: 60_000, lasts: 40_000 });

export const flapping: Scenario = {
	name: "flapping",
	title: "one of six is good and bad by turns",
	good: `Six instances share 50 requests a second. One of them answers everything with 500 for 3 s, serves for 3 s, fails again, and so
on; in the second variant it is bad for 40 s of every 60. No caller should notice: every failure is made good by another instance.
Each bad phase should cost it a handful of requests until its breaker opens, then a single trial each time the breaker's time is
up, and that time should grow as long as trials fail.`,
	async play(seed) {
		const play = variants({ seed, instances: [], load: { perSecond: 50, forMs: FOR }, route: { policy: "round_robin" } });
		const quick = await play("bad 3 s of 6", { instances: fleet(QUICK) });
		const slow = await play("bad 40 s of 60", { instances: fleet(SLOW) });
		const blind = await play("bad 3 s of 6, nothing taken out", {
			instances: fleet(QUICK),
			settings: {
				breaker: { consecutiveFailures: Number.POSITIVE_INFINITY, baseOpenMs: 0, maxOpenMs: 0 },
				ejection: { ...DEFAULT_ROUTER.ejection, maxEjectionRatio: 0 },
			},
		});
		const all = [
			{ ...quick, phases: QUICK },
			{ ...slow, phases: SLOW },
			{ ...blind, phases: QUICK },
		];
		const openMs = slow.run.events.flatMap(({ type, at, outUntil }) =>
			type === "breaker_opened" && outUntil !== undefined ? [outUntil - at] : [],
		);
		return {
			table: metricsTable(
				"the one that flaps",
				["success", "p99Ms", "attemptsMean", "attemptsMax", "fallbacks", "opened", "ejected"],
				all.map(({ label, run, phases }) => ({
					label,
					metrics: metricsOf(run),
					more: [wasted(run, phases), answeredBy(run.requests, FLAPPING)],
				})),
				[
					{ title: "failures a bad phase", unit: "count" },
					{ title: "its share", unit: "share" },
				],
			),
			checks: [
				atLeast("answered, quick flapping", successShare(quick.run.requests), 0.9999, "share"),
				atLeast("answered, slow flapping", successShare(slow.run.requests), 0.9999, "share"),
				atMost(
					"failures in each bad phase of 3 s, to those if nothing is taken out",
					wasted(quick.run, QUICK) / wasted(blind.run, QUICK),
					0.35,
					"ratio",
				),
				atMost("failures in each bad phase of 40 s: five to open the breaker, then trials", wasted(slow.run, SLOW), 10, "count"),
				atLeast("longest to shortest time a breaker stays open, slow flapping", Math.max(...openMs) / Math.min(...openMs), 3, "ratio"),
			],
			panel: {
				plots: [
					{
						title: "requests it saw",
						x: "seconds",
						y: "a second",
						shaded: SLOW.map(({ from, to }) => [from / 1_000, to / 1_000] as const),
						lines: all.map(({ label, run }) => rateOverTime(label, run.upstreams.get("m1")?.seen ?? [], FOR, 4_000)),
					},
					{
						title: "share of the one that flaps (grey: bad in the second)",
						x: "seconds",
						y: "%",
						shaded: SLOW.map(({ from, to }) => [from / 1_000, to / 1_000] as const),
						lines: all.map(({ label, run }) => overTime(label, run, 4_000, (requests) => 100 * answeredBy(requests, FLAPPING))),
					},
				],
			},
		};
	},
};

type Phases = ReturnType<typeof recurring>;

const fleet = (phases: Phases) => members(6, (number) => (number === 1 ? { phases } : {}));

/** Requests it saw in a bad phase, on average. */
function wasted(run: Run, phases: Phases): number {
	return phases.reduce((total, { from, to }) => total + seenBy(run, FLAPPING, from, to), 0) / phases.length;
}
