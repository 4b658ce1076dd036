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
const FAIR = 1 / 8;

export const silentOne: Scenario = {
	name: "silent-one",
	title: "one of eight takes requests and says nothing",
	good: `Eight instances share 60 requests a second. From 30 s to 120 s one of them takes every request and never answers. A good
router lets that count although nothing ever comes back: with a longest wait for the first output it falls back and opens the breaker; where hedges
hide it from the callers, the attempts that lost still tell of it; and where only the deadline (here 10 s) ends an attempt,
the silent one gets less than its share of requests, never more.`,
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
				"`ewma_latency`, while one is silent",
				["success", "p50Ms", "p99Ms", "attemptsMean", "attemptsMax", "fallbacks", "hedges"],
				all.map(({ label, run }) => ({ label, metrics: metricsOf(run, between(run, FROM, TO)), more: [metricsOf(run).opened, sent(run)] })),
				[
					{ title: "opened", unit: "count" },
					{ title: "sent to it", unit: "share" },
				],
			),
			checks: [
				atLeast("answered, with a longest wait for the first output", answered(bounded.run), 0.9999, "share"),
				atMost("requests sent to it, with that", sent(bounded.run), 0.02, "share"),
				atLeast("answered, with hedges", answered(hedged.run), 0.999, "share"),
				atMost("requests sent to it, with hedges, of its even share", sent(hedged.run) / FAIR, 0.5, "ratio"),
				atMost("requests sent to it, with a deadline only, of its even share", sent(deadline.run) / FAIR, 0.5, "ratio"),
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
						title: "requests the silent one saw",
						x: "seconds",
						y: "a second",
						shaded,
						lines: all.map(({ label, run }) => rateOverTime(label, run.upstreams.get("m1")?.seen ?? [], FOR, 4_000)),
					},
				],
			},
		};
	},
};

const answered = (run: Run): number => successShare(between(run, FROM, TO));

/** Its part of all that upstreams saw in that time. */
function sent(run: Run): number {
	return seenBy(run, SILENT, FROM, TO) / seenBy(run, run.upstreams.keys(), FROM, TO);
}
