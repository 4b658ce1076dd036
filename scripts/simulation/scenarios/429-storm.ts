import type { Condition } from "../../../src/simulation/condition.ts";
import type { InstanceModel } from "../backends.ts";
import { atLeast, atMost } from "../check.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime, rateOverTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answeredBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const LIMITED = new Set(["m1"]);
const FROM = 20_000;
const TO = 50_000;
const FOR = 80_000;
const RETRY_AFTER_MS = 10_000;
/** Number of times that this time passes in the storm. */
const EXPIRIES = Math.ceil((TO - FROM) / RETRY_AFTER_MS);

const WITH_RETRY_AFTER: Condition = { type: "status", status: 429, retryAfterMs: RETRY_AFTER_MS };
const WITHOUT_RETRY_AFTER: Condition = { type: "status", status: 429 };
const ONE_KEY: Condition = { ...WITH_RETRY_AFTER, key: "first" };

export const storm429: Scenario = {
	name: "429-storm",
	title: "one of four instances answers 429",
	expected: `Four instances share 300 requests per second. From 20 s to 50 s one of them answers 429: with \`Retry-After: 10\`, without it,
or to one of its two keys only. A good router sends it no requests for that time; without \`Retry-After\`, for growing times of its own. The
other instances take over its load, no request makes more attempts than permitted, and no failure counts against its health. If another of its
keys has quota, the instance stays available.`,
	async play(seed) {
		const play = variants({ seed, instances: [], load: { perSecond: 300, forMs: FOR } });
		const withTime = await play("`Retry-After: 10`", { instances: fourWith(WITH_RETRY_AFTER) });
		const withoutTime = await play("no `Retry-After`", { instances: fourWith(WITHOUT_RETRY_AFTER) });
		const brief = await play("no `Retry-After`, for 1 s only", { instances: fourWith(WITHOUT_RETRY_AFTER, [], FROM + 1_000) });
		const oneKey = await play("one of two keys", { instances: fourWith(ONE_KEY, ["first", "second"]) });
		const all = [withTime, withoutTime, brief, oneKey];
		return {
			table: metricsTable(
				"the 429s",
				["success", "p99Ms", "attemptsMean", "attemptsMax", "fallbacks", "retries", "opened"],
				all.map(({ label, run }) => ({
					label,
					metrics: metricsOf(run),
					more: [refusals(run), answeredBy(during(run), LIMITED), secondsToReturn(run, run === brief.run ? FROM + 1_000 : TO)],
				})),
				[
					{ title: "429s", unit: "count" },
					{ title: "its share in the storm", unit: "share" },
					{ title: "used again after", unit: "s" },
				],
			),
			checks: [
				atLeast("answered", Math.min(...all.map(({ run }) => successShare(run.requests))), 0.9999, "share"),
				atMost("max attempts of a request", Math.max(...all.map(({ run }) => metricsOf(run).attemptsMax)), 3, "count"),
				atMost(
					"429s per expiry of `Retry-After`; its even share until the first answer is 8",
					refusals(withTime.run) / EXPIRIES,
					20,
					"count",
				),
				atMost("429s without `Retry-After`, in total", refusals(withoutTime.run), 100, "count"),
				atMost("used again after the storm, with `Retry-After`", secondsToReturn(withTime.run, TO), RETRY_AFTER_MS / 1_000 + 1, "s"),
				atMost("used again after a second of 429s without `Retry-After`", secondsToReturn(brief.run, FROM + 1_000), 5, "s"),
				atMost("used again after the storm, without `Retry-After`", secondsToReturn(withoutTime.run, TO), 35, "s"),
				atLeast("share of the instance with an available key", answeredBy(during(oneKey.run), LIMITED), 0.2, "share"),
				atMost("breakers opened", Math.max(...all.map(({ run }) => metricsOf(run).opened)), 0, "count"),
			],
			panel: {
				plots: [
					{
						title: "share of the instance that answers 429",
						x: "seconds",
						y: "%",
						shaded: [[FROM / 1_000, TO / 1_000]],
						lines: all.map(({ label, run }) => overTime(label, run, 4_000, (requests) => 100 * answeredBy(requests, LIMITED))),
					},
					{
						title: "requests to that instance",
						x: "seconds",
						y: "per second",
						shaded: [[FROM / 1_000, TO / 1_000]],
						lines: all.map(({ label, run }) => rateOverTime(label, run.upstreams.get("m1")?.seen ?? [], FOR, 2_000)),
					},
				],
			},
		};
	},
};

const fourWith = (condition: Condition, keys: readonly string[] = [], to = TO): InstanceModel[] =>
	members(4, (number) => (number === 1 ? { keys, phases: [{ from: FROM, to, condition }] } : {}));

const during = ({ requests }: Run) => requests.filter(({ at }) => at >= FROM && at < TO);

/** Attempts that were answered with 429. */
function refusals(run: Run): number {
	return run.requests.reduce((total, { attempts }) => total + attempts.filter(({ failure }) => failure === "rate_limited").length, 0);
}

/** Time from the end of the storm to the next request to the instance, in seconds. */
function secondsToReturn(run: Run, end: number): number {
	const first = run.upstreams.get("m1")?.seen.find((at) => at >= end);
	return first === undefined ? Number.POSITIVE_INFINITY : (first - end) / 1_000;
}
