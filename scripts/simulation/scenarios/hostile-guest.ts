import type { Condition } from "../../../src/simulation/condition.ts";
import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime } from "../panel.ts";
import type { RequestRecord, Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answerMs, mean, seenBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const HOSTILE = "hostile";
const FAILING = new Set(["m1"]);
const FROM = 20_000;
const TO = 80_000;
const FOR = 100_000;
const STEP_MS = 2_000;

/** Every third request is of the hostile guest, the others of five guests in turn. */
const guestOf = (request: number): string => (request % 3 === 0 ? HOSTILE : `guest-${request % 5}`);

export const hostileGuest: Scenario = {
	name: "hostile-guest",
	title: "every instance fails the requests of one guest",
	expected: `Four instances share 60 requests per second of six guests. From 20 s to 80 s every instance answers the requests of one guest with
500, or with 429 and \`Retry-After: 3600\`, or never. A third of the requests are of that guest. A good router lets the other guests notice
nothing: no breaker opens for them, no key cools down, and their latency stays as it was. In the last row the first instance answers all guests
with 500: their failures together open its breaker for all, within a few requests.`,
	async play(seed) {
		const load = { perSecond: 60, forMs: FOR };
		const play = variants({ seed, instances: [], load, route: { firstEventTimeoutMs: 5_000 }, guest: guestOf });
		const calm = await play("no failures", { instances: fourWith(undefined) });
		const failed = await play("500 for one guest", { instances: fourWith({ type: "status", status: 500, guest: HOSTILE }) });
		const limited = await play("429 for one guest", {
			instances: fourWith({ type: "status", status: 429, retryAfterMs: 3_600_000, guest: HOSTILE }),
		});
		const silent = await play("no answer for one guest", { instances: fourWith({ type: "hangs", guest: HOSTILE }) });
		const broken = await play("500 for all guests at one of four", {
			instances: members(4, (number) => (number === 1 ? withPhase({ type: "status", status: 500 }) : {})),
		});
		const hostile = [failed, limited, silent];
		const all = [calm, ...hostile, broken];
		return {
			table: metricsTable(
				"requests of the other guests",
				["success", "p50Ms", "p99Ms", "attemptsMean", "attemptsMax"],
				all.map(({ label, run }) => ({ label, metrics: metricsOf(run, meanwhile(run)) })),
			),
			checks: [
				atLeast("answered, at least", Math.min(...all.map(({ run }) => successShare(meanwhile(run)))), 0.9999, "share"),
				atMost("mean attempts while one guest fails, at most", Math.max(...hostile.map(({ run }) => attemptsOf(run))), 1.001, "count"),
				atMost(
					"p99 while one guest fails, relative to no failures, at most",
					Math.max(...hostile.map(({ run }) => p99Of(run) / p99Of(calm.run))),
					1.2,
					"ratio",
				),
				atMost("requests to the instance that fails all guests, in a minute", seenBy(broken.run, FAILING, FROM, TO), 60, "count"),
			],
			panel: {
				plots: [
					{
						title: "answers of the other guests, 99th percentile",
						x: "seconds",
						y: "ms",
						shaded: [[FROM / 1_000, TO / 1_000]],
						lines: all.map(({ label, run }) => overTime(label, run, STEP_MS, (requests) => answerMs(requests.filter(isOther), 0.99))),
					},
				],
			},
		};
	},
};

const withPhase = (condition: Condition) => ({ phases: [{ from: FROM, to: TO, condition }] });
const fourWith = (condition: Condition | undefined) =>
	members(4, () => ({ keys: ["key"], ...(condition === undefined ? {} : withPhase(condition)) }));

const isOther = ({ guest }: RequestRecord): boolean => guest !== HOSTILE;

/** The requests of the other guests while the hostile guest fails. */
function meanwhile({ requests }: Run): RequestRecord[] {
	return requests.filter((request) => isOther(request) && request.at >= FROM && request.at < TO);
}

const attemptsOf = (run: Run): number => mean(meanwhile(run).map(({ attempts }) => attempts.length));
const p99Of = (run: Run): number => answerMs(meanwhile(run), 0.99);
