import { DEFAULT_ROUTER, type RouterSettings } from "../../../src/router/settings.ts";
import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answeredBy, answerMs, between } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const SLOW = new Set(["m1"]);
const FROM = 30_000;
const TO = 90_000;
const FOR = 120_000;
/** By then every mechanism that notices the slow instance has done so. */
const SETTLED = 50_000;

const NO_EJECTION: Pick<RouterSettings, "ejection"> = { ejection: { ...DEFAULT_ROUTER.ejection, maxEjectionRatio: 0 } };

export const slowOne: Scenario = {
	name: "slow-one",
	title: "one of eight instances becomes ten times slower",
	expected: `Eight instances share 60 requests per second. From 30 s to 90 s one of them takes ten times as long, without any error. A good
router sends it almost no requests while it is slow, so that the 99th percentile soon returns to its old value. Afterwards the instance gets
its share again. \`round_robin\` does not notice latencies; outlier ejection does.`,
	async play(seed) {
		const play = variants({
			seed,
			instances: members(8, (number) =>
				number === 1 ? { phases: [{ from: FROM, to: TO, condition: { type: "answers", slower: 10 } }] } : {},
			),
			load: { perSecond: 60, forMs: FOR },
		});
		const blind = await play("`round_robin`, no ejection", { route: { policy: "round_robin" }, settings: NO_EJECTION });
		const ejecting = await play("`round_robin`", { route: { policy: "round_robin" } });
		const inflight = await play("`least_inflight`", { route: { policy: "least_inflight" } });
		const ewma = await play("`ewma_latency`", { route: { policy: "ewma_latency" } });
		const all = [blind, ejecting, inflight, ewma];
		const lines = (measure: Parameters<typeof overTime>[3]) => all.map(({ label, run }) => overTime(label, run, 3_000, measure));
		const shaded = [[FROM / 1_000, TO / 1_000]] as const;
		return {
			table: metricsTable(
				"while one instance is slow",
				["success", "p50Ms", "p99Ms", "maxMs", "ejected"],
				all.map(({ label, run }) => ({
					label,
					metrics: metricsOf(run, between(run, FROM, TO)),
					more: [beforeMs(run), settledMs(run), shareWhileSlow(run), shareAfter(run)],
				})),
				[
					{ title: "p99 before", unit: "ms" },
					{ title: "p99 settled", unit: "ms" },
					{ title: "share of the slow instance", unit: "share" },
					{ title: "its share afterwards", unit: "share" },
				],
			),
			checks: [
				atMost("`ewma_latency`: settled p99, relative to p99 before", settledMs(ewma.run) / beforeMs(ewma.run), 1.5, "ratio"),
				atMost(
					"`ewma_latency`: settled p99, relative to `round_robin` without ejection",
					settledMs(ewma.run) / settledMs(blind.run),
					0.25,
					"ratio",
				),
				atMost("`ewma_latency`: share of the slow instance; an even share is 12.5%", shareWhileSlow(ewma.run), 0.01, "share"),
				atMost("`least_inflight`: share of the slow instance", shareWhileSlow(inflight.run), 0.03, "share"),
				atLeast("`ewma_latency`: its share after its recovery", shareAfter(ewma.run), 0.08, "share"),
				atMost(
					"`round_robin`: share of the slow instance with ejection, relative to no ejection",
					shareWhileSlow(ejecting.run) / shareWhileSlow(blind.run),
					0.6,
					"ratio",
				),
			],
			panel: {
				plots: [
					{ title: "p99 of answers", x: "seconds", y: "ms", shaded, lines: lines((requests) => answerMs(requests, 0.99)) },
					{
						title: "share of the slow instance",
						x: "seconds",
						y: "%",
						shaded,
						lines: lines((requests) => 100 * answeredBy(requests, SLOW)),
					},
				],
			},
		};
	},
};

const beforeMs = (run: Run): number => answerMs(between(run, 0, FROM), 0.99);
const settledMs = (run: Run): number => answerMs(between(run, SETTLED, TO), 0.99);
const shareWhileSlow = (run: Run): number => answeredBy(between(run, FROM, TO), SLOW);
const shareAfter = (run: Run): number => answeredBy(between(run, TO + 20_000, FOR), SLOW);
