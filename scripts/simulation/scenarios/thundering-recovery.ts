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

const BACK = new Set(["m1"]);
const FROM = 20_000;
const TO = 45_000;
const FOR = 140_000;

const CAPACITY = { slots: 40, beyond: "collapses", downMs: 10_000, warmUpMs: 20_000 } as const;
const POLICIES: readonly types.Policy[] = ["round_robin", "least_inflight", "ewma_latency"];

export const thunderingRecovery: Scenario = {
	name: "thundering-recovery",
	title: "a cold instance comes back into full demand",
	good: `Three instances share 90 requests a second. Each can bear 40 at a time; one more and it breaks down for 10 s, with all it had.
One dies at 20 s and comes back at 45 s, cold: it bears 8 at first, and all 40 only 20 s after its first request. Its even share would be
12. A good router lets it in step by step, so that it is not knocked over again, whatever the policy; without slow start it is.`,
	async play(seed) {
		const play = variants({ seed, instances: fleet(), load: { perSecond: 90, forMs: FOR } });
		const spared: Variant[] = [];
		const rushed: Variant[] = [];
		for (const policy of POLICIES) {
			spared.push(await play(`\`${policy}\``, { route: { policy } }));
			rushed.push(await play(`\`${policy}\`, no slow start`, { route: { policy }, settings: { slowStartMs: 0 } }));
		}
		const all = [...spared, ...rushed];
		const worst = (measure: (run: Run) => number): number => Math.max(...spared.map(({ run }) => measure(run)));
		const shaded = [[FROM / 1_000, TO / 1_000]] as const;
		return {
			table: metricsTable(
				"policy",
				["success", "p99Ms", "attemptsMean", "attemptsMax", "opened", "ejected", "waited"],
				all.map(({ label, run }) => ({ label, metrics: metricsOf(run), more: [collapses(run), failuresAfter(run), back(run)] })),
				[
					{ title: "collapses", unit: "count" },
					{ title: "failed attempts afterwards", unit: "count" },
					{ title: "even share after", unit: "s" },
				],
			),
			checks: [
				atMost("collapses with slow start", worst(collapses), 0, "count"),
				atLeast("collapses without: turns alone", rushed[0] === undefined ? 0 : collapses(rushed[0].run), 1, "count"),
				atLeast("answered, with slow start", -worst((run) => -successShare(run.requests)), 0.999, "share"),
				atMost(
					"most attempts of a request",
					worst((run) => metricsOf(run).attemptsMax),
					3,
					"count",
				),
				atMost("four fifths of its even share after", worst(back), 45, "s"),
			],
			panel: {
				plots: [
					{
						title: "share of the one that comes back, with slow start",
						x: "seconds",
						y: "%",
						shaded,
						lines: spared.map(({ label, run }) => overTime(label, run, 3_000, share)),
					},
					{
						title: "the same without",
						x: "seconds",
						y: "%",
						shaded,
						lines: rushed.map(({ label, run }) => overTime(label, run, 3_000, share)),
					},
				],
			},
		};
	},
};

function fleet(): InstanceModel[] {
	return members(3, (number) => ({
		capacity: CAPACITY,
		phases: number === 1 ? [{ from: FROM, to: TO, condition: { type: "dead" } }] : [],
	}));
}

const share = (requests: Run["requests"]): number => 100 * answeredBy(requests, BACK);

function collapses({ upstreams }: Run): number {
	return [...upstreams.values()].reduce((total, upstream) => total + upstream.collapses, 0);
}

function failuresAfter({ requests }: Run): number {
	return requests
		.filter(({ at }) => at >= TO)
		.reduce((total, { attempts }) => total + attempts.filter(({ failure }) => failure !== undefined).length, 0);
}

/** Seconds until it has four fifths of an even share again, over 6 s. */
function back(run: Run): number {
	for (let from = TO; from + 6_000 < FOR; from += 1_000) {
		if (answeredBy(between(run, from, from + 6_000), BACK) >= 0.8 / 3) return (from - TO) / 1_000;
	}
	return Number.POSITIVE_INFINITY;
}
