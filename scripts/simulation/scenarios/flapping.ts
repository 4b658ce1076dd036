import { DEFAULT_ROUTER } from "../../../src/router/settings.ts";
import { recurring } from "../../../src/simulation/condition.ts";
import { atLeast, atMost } from "../check.ts";
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

/** Phases of failure: 3 s of every 6 s, and 40 s of every 60 s. */
const QUICK = recurring({ type: "status", status: 500 }, { from: FROM, to: FOR, every: 6_000, lasts: 3_000 });
const SLOW = recurring({ type: "status", status: 500 }, { from: FROM, to: FOR, every: 60_000, lasts: 40_000 });

export const flapping: Scenario = {
	name: "flapping",
	title: "one of six instances alternates between success and failure",
	expected: `Six instances share 50 requests per second. One of them answers every request with 500 for 3 s, serves for 3 s, fails again,
and so on. In the second variant it fails for 40 s of every 60 s. No caller should notice: another instance answers each request that failed.
Each phase of failure should cost a few requests until the breaker opens, then one trial per open period. The open periods should grow as
long as trials fail.`,
	async play(seed) {
		const play = variants({ seed, instances: [], load: { perSecond: 50, forMs: FOR }, route: { policy: "round_robin" } });
		const quick = await play("fails 3 s of 6 s", { instances: sixWith(QUICK) });
		const slow = await play("fails 40 s of 60 s", { instances: sixWith(SLOW) });
		const unprotected = await play("fails 3 s of 6 s, no breaker, no ejection", {
			instances: sixWith(QUICK),
			settings: {
				breaker: { consecutiveFailures: Number.POSITIVE_INFINITY, baseOpenMs: 0, maxOpenMs: 0 },
				ejection: { ...DEFAULT_ROUTER.ejection, maxEjectionRatio: 0 },
			},
		});
		const all = [
			{ ...quick, phases: QUICK },
			{ ...slow, phases: SLOW },
			{ ...unprotected, phases: QUICK },
		];
		const openMs = slow.run.events.flatMap(({ type, at, openUntil }) =>
			type === "breaker_opened" && openUntil !== undefined ? [openUntil - at] : [],
		);
		return {
			table: metricsTable(
				"the flapping instance",
				["success", "p99Ms", "attemptsMean", "attemptsMax", "fallbacks", "opened", "ejected"],
				all.map(({ label, run, phases }) => ({
					label,
					metrics: metricsOf(run),
					more: [failuresPerPhase(run, phases), answeredBy(run.requests, FLAPPING)],
				})),
				[
					{ title: "failures per phase", unit: "count" },
					{ title: "its share", unit: "share" },
				],
			),
			checks: [
				atLeast("answered, quick flapping", successShare(quick.run.requests), 0.9999, "share"),
				atLeast("answered, slow flapping", successShare(slow.run.requests), 0.9999, "share"),
				atMost(
					"failures per phase of 3 s, relative to no breaker and no ejection",
					failuresPerPhase(quick.run, QUICK) / failuresPerPhase(unprotected.run, QUICK),
					0.35,
					"ratio",
				),
				atMost("failures per phase of 40 s: five open the breaker, then trials", failuresPerPhase(slow.run, SLOW), 10, "count"),
				atLeast(
					"longest open period of the breaker, relative to the shortest, slow flapping",
					Math.max(...openMs) / Math.min(...openMs),
					3,
					"ratio",
				),
			],
			panel: {
				plots: [
					{
						title: "requests to the flapping instance",
						x: "seconds",
						y: "per second",
						shaded: SLOW.map(({ from, to }) => [from / 1_000, to / 1_000] as const),
						lines: all.map(({ label, run }) => rateOverTime(label, run.upstreams.get("m1")?.seen ?? [], FOR, 4_000)),
					},
					{
						title: "share of the flapping instance (grey: failures of the slow flapping)",
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

const sixWith = (phases: Phases) => members(6, (number) => (number === 1 ? { phases } : {}));

/** Requests to the flapping instance per phase of failure, on average. */
function failuresPerPhase(run: Run, phases: Phases): number {
	return phases.reduce((total, { from, to }) => total + seenBy(run, FLAPPING, from, to), 0) / phases.length;
}
