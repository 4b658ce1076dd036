import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime, rateOverTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { between, seenBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const SILENT = new Set(["m1"]);
const FROM = 30_000;
const TO = 120_000;
const FOR = 150_000;
const EVEN_SHARE = 1 / 8;

export const silentOne: Scenario = {
	name: "silent-one",
	title: "one of eight instances accepts requests and never answers",
	expected: `Eight instances share 60 requests per second. From 30 s to 120 s one of them accepts every request and never answers. A good
router counts that although no answer ever arrives. With a timeout for the first output, requests fall back and the breaker opens. With
hedges, which hide the silence from callers, the abandoned attempts count as latencies. With the deadline of 10 s only, the silent instance
gets less than its share of requests, never more.`,
	async play(seed) {
		const play = variants({
			seed,
			instances: members(8, (number) => (number === 1 ? { phases: [{ from: FROM, to: TO, condition: { type: "hangs" } }] } : {})),
			load: { perSecond: 60, forMs: FOR },
			timeoutMs: 10_000,
		});
		const bounded = await play("first output within 2 s", { route: { policy: "ewma_latency", firstEventTimeoutMs: 2_000 } });
		const hedged = await play("hedge after 1 s, budget 10%", {
			route: { policy: "ewma_latency", hedge: { attempts: 2, after: { delayMs: 1_000 }, ratio: 0.1 } },
		});
		const deadline = await play("deadline of 10 s only", { route: { policy: "ewma_latency" } });
		const all = [bounded, hedged, deadline];
		const shaded = [[FROM / 1_000, TO / 1_000]] as const;
		return {
			table: metricsTable(
				"`ewma_latency`, while one instance is silent",
				["success", "p50Ms", "p99Ms", "attemptsMean", "attemptsMax", "fallbacks", "hedges"],
				all.map(({ label, run }) => ({ label, metrics: metricsOf(run, between(run, FROM, TO)), more: [metricsOf(run).opened, sent(run)] })),
				[
					{ title: "breakers opened", unit: "count" },
					{ title: "requests sent to it", unit: "share" },
				],
			),
			checks: [
				atLeast("answered, with a timeout for the first output", answered(bounded.run), 0.9999, "share"),
				atMost("requests sent to it, with a timeout for the first output", sent(bounded.run), 0.02, "share"),
				atLeast("answered, with hedges", answered(hedged.run), 0.999, "share"),
				atMost("requests sent to it, with hedges, relative to its even share", sent(hedged.run) / EVEN_SHARE, 0.5, "ratio"),
				atMost("requests sent to it, with a deadline only, relative to its even share", sent(deadline.run) / EVEN_SHARE, 0.5, "ratio"),
			],
			panel: {
				plots: [
					{
						title: "answered",
						x: "seconds",
						y: "%",
						shaded,
						lines: all.map(({ label, run }) => overTime(label, run, 4_000, (requests) => 100 * successShare(requests))),
					},
					{
						title: "requests to the silent instance",
						x: "seconds",
						y: "per second",
						shaded,
						lines: all.map(({ label, run }) => rateOverTime(label, run.upstreams.get("m1")?.seen ?? [], FOR, 4_000)),
					},
				],
			},
		};
	},
};

const answered = (run: Run): number => successShare(between(run, FROM, TO));

/** Part of all requests to upstreams in that time that went to the silent instance. */
function sent(run: Run): number {
	return seenBy(run, SILENT, FROM, TO) / seenBy(run, run.upstreams.keys(), FROM, TO);
}
