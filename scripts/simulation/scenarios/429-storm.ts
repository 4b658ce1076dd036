import type { InstanceModel } from "../backends.ts";
import { atLeast, atMost } from "../check.ts";
import type { Condition } from "../condition.ts";
import { members } from "../members.ts";
import { metricsOf } from "../metrics.ts";
import { overTime, rateOverTime } from "../panel.ts";
import type { Run } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { answeredBy, successShare } from "../statistics.ts";
import { metricsTable } from "../table.ts";
import { variants } from "../variant.ts";

const STRICT = new Set(["m1"]);
const FROM = 20_000;
const TO = 50_000;
const FOR = 80_000;
const RETRY_AFTER_MS = 10_000;
/** How often that time is up while the storm lasts. */
const ASKS = Math.ceil((TO - FROM) / RETRY_AFTER_MS);

const SAYS_WHEN: Condition = { type: "status", status: 429, retryAfterMs: RETRY_AFTER_MS };
const SAYS_NOTHING: Condition = { type: "status", status: 429 };
const ONE_KEY: Condition = { ...SAYS_WHEN, key: "first" };

export const storm429: Scenario = {
	name: "429-storm",
	title: "one of four asks to slow down",
	good: `Four instances share 300 requests a second. From 20 s to 50 s one answers 429: with \`Retry-After: 10\`, or without a word of
when, or only to one of its two keys. A good router takes it at its word: it is left alone for that long (by itself for longer and longer where
none is named), the others carry its load, no request is tried more often than the limit, and nothing is held against its
health. Where another key still has quota the instance stays in.`,
	async play(seed) {
		const play = variants({ seed, instances: [], load: { perSecond: 300, forMs: FOR } });
		const when = await play("`Retry-After: 10`", { instances: fleet(SAYS_WHEN) });
		const nothing = await play("no `Retry-After`", { instances: fleet(SAYS_NOTHING) });
		const brief = await play("none, for 1 s only", { instances: fleet(SAYS_NOTHING, [], FROM + 1_000) });
		const key = await play("one of two keys", { instances: fleet(ONE_KEY, ["first", "second"]) });
		const all = [when, nothing, brief, key];
		return {
			table: metricsTable(
				"the 429s",
				["success", "p99Ms", "attemptsMean", "attemptsMax", "fallbacks", "retries", "opened"],
				all.map(({ label, run }) => ({
					label,
					metrics: metricsOf(run),
					more: [refused(run), answeredBy(during(run), STRICT), back(run, run === brief.run ? FROM + 1_000 : TO)],
				})),
				[
					{ title: "429s", unit: "count" },
					{ title: "its share in the storm", unit: "share" },
					{ title: "back after", unit: "s" },
				],
			),
			checks: [
				atLeast("answered", Math.min(...all.map(({ run }) => successShare(run.requests))), 0.9999, "share"),
				atMost("most attempts of a request", Math.max(...all.map(({ run }) => metricsOf(run).attemptsMax)), 3, "count"),
				atMost("429s each time its `Retry-After` is up: its even share until the first answer is 8", refused(when.run) / ASKS, 20, "count"),
				atMost("429s in all where it names no time", refused(nothing.run), 100, "count"),
				atMost("back in after the storm where it names a time, no more than that", back(when.run, TO), RETRY_AFTER_MS / 1_000 + 1, "s"),
				atMost("back in after a second of 429s that name no time", back(brief.run, FROM + 1_000), 5, "s"),
				atMost("back in after the storm where it names none", back(nothing.run, TO), 35, "s"),
				atLeast("share of the one with a key left", answeredBy(during(key.run), STRICT), 0.2, "share"),
				atMost("breakers opened", Math.max(...all.map(({ run }) => metricsOf(run).opened)), 0, "count"),
			],
			panel: {
				plots: [
					{
						title: "share of the one that asks to slow down",
						x: "seconds",
						y: "%",
						shaded: [[FROM / 1_000, TO / 1_000]],
						lines: all.map(({ label, run }) => overTime(label, run, 4_000, (requests) => 100 * answeredBy(requests, STRICT))),
					},
					{
						title: "requests it saw",
						x: "seconds",
						y: "a second",
						shaded: [[FROM / 1_000, TO / 1_000]],
						lines: all.map(({ label, run }) => rateOverTime(label, run.upstreams.get("m1")?.seen ?? [], FOR, 2_000)),
					},
				],
			},
		};
	},
};

const fleet = (condition: Condition, keys: readonly string[] = [], to = TO): InstanceModel[] =>
	members(4, (number) => (number === 1 ? { keys, phases: [{ from: FROM, to, condition }] } : {}));

const during = ({ requests }: Run) => requests.filter(({ at }) => at >= FROM && at < TO);

/** Attempts that were answered with 429. */
function refused(run: Run): number {
	return run.requests.reduce((total, { attempts }) => total + attempts.filter(({ failure }) => failure === "rate_limited").length, 0);
}

/** When it saw a request again after the storm, in seconds. */
function back(run: Run, end: number): number {
	const first = run.upstreams.get("m1")?.seen.find((at) => at >= end);
	return first === undefined ? Number.POSITIVE_INFINITY : (first - end) / 1_000;
}
