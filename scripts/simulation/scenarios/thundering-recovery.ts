import type * as types from "../../../generated/ir/types.ts";
import type { InstanceModel } from "../backends.ts";
import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answeredBy, between, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { type Variant, variants } from "../variant.ts";

const RETURNING = new Set(["m1"]);
const FROM = 20_000;
const TO = 45_000;
const FOR = 140_000;

const CAPACITY = { slots: 40, beyond: "collapses", downMs: 10_000, warmUpMs: 20_000 } as const;
const POLICIES: readonly types.Policy[] = ["round_robin", "least_inflight", "ewma_latency"];

export const thunderingRecovery: Scenario = {
	name: "thundering-recovery",
	title: "a cold instance returns under full load",
	expected: `Three instances share 90 requests per second. Each serves up to 40 concurrent requests; with one more it collapses for 10 s and
loses all of them. One instance stops at 20 s and starts again at 45 s, cold: it serves 8 concurrent requests at first, and 40 only 20 s after
its first request. Its even share is 12. A good router raises its load step by step, so that it does not collapse again, whatever the policy.
Without slow start it does.`,
	async play(seed) {
		const play = variants({ seed, instances: three(), load: { perSecond: 90, forMs: FOR } });
		const slowStart: Variant[] = [];
		const noSlowStart: Variant[] = [];
		for (const policy of POLICIES) {
			slowStart.push(await play(`\`${policy}\``, { route: { policy } }));
			noSlowStart.push(await play(`\`${policy}\`, no slow start`, { route: { policy }, settings: { slowStartMs: 0 } }));
		}
		const all = [...slowStart, ...noSlowStart];
		const worst = (measure: (run: Run) => number): number => Math.max(...slowStart.map(({ run }) => measure(run)));
		const shaded = [[FROM / 1_000, TO / 1_000]] as const;
		return {
			table: metricsTable(
				"policy",
				["success", "p99Ms", "attemptsMean", "attemptsMax", "opened", "ejected", "waited"],
				all.map(({ label, run }) => ({ label, metrics: metricsOf(run), more: [collapses(run), failuresAfter(run), secondsToShare(run)] })),
				[
					{ title: "collapses", unit: "count" },
					{ title: "failed attempts afterwards", unit: "count" },
					{ title: "four fifths of its share after", unit: "s" },
				],
			),
			checks: [
				atMost("collapses with slow start", worst(collapses), 0, "count"),
				atLeast(
					"collapses of `round_robin` without slow start",
					noSlowStart[0] === undefined ? 0 : collapses(noSlowStart[0].run),
					1,
					"count",
				),
				atLeast("answered, with slow start", -worst((run) => -successShare(run.requests)), 0.999, "share"),
				atMost(
					"max attempts of a request",
					worst((run) => metricsOf(run).attemptsMax),
					3,
					"count",
				),
				atMost("four fifths of its even share after", worst(secondsToShare), 45, "s"),
			],
			panel: {
				plots: [
					{
						title: "share of the returning instance, with slow start",
						x: "seconds",
						y: "%",
						shaded,
						lines: slowStart.map(({ label, run }) => overTime(label, run, 3_000, share)),
					},
					{
						title: "its share without slow start",
						x: "seconds",
						y: "%",
						shaded,
						lines: noSlowStart.map(({ label, run }) => overTime(label, run, 3_000, share)),
					},
				],
			},
		};
	},
};

function three(): InstanceModel[] {
	return members(3, (number) => ({
		capacity: CAPACITY,
		phases: number === 1 ? [{ from: FROM, to: TO, condition: { type: "dead" } }] : [],
	}));
}

const share = (requests: Run["requests"]): number => 100 * answeredBy(requests, RETURNING);

function collapses({ upstreams }: Run): number {
	return [...upstreams.values()].reduce((total, upstream) => total + upstream.collapses, 0);
}

function failuresAfter({ requests }: Run): number {
	return requests
		.filter(({ at }) => at >= TO)
		.reduce((total, { attempts }) => total + attempts.filter(({ failure }) => failure !== undefined).length, 0);
}

/** Seconds until the instance has four fifths of an even share again, over 6 s. */
function secondsToShare(run: Run): number {
	for (let from = TO; from + 6_000 < FOR; from += 1_000) {
		if (answeredBy(between(run, from, from + 6_000), RETURNING) >= 0.8 / 3) return (from - TO) / 1_000;
	}
	return Number.POSITIVE_INFINITY;
}
