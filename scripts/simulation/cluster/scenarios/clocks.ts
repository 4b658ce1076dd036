import { seededRandom } from "../../../../src/time/random.ts";
import { atLeast, atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import type { ClockErrors } from "../host-clock.ts";
import { grantedOfLimit, mostInASecond } from "../limits-measures.ts";
import { grantedLines } from "../limits-panel.ts";
import { type LimitsSimulation, simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import { PER_HOST, type Scale } from "../scale.ts";

const FROM = 4_000;
const JUMP = 15_000;
const FOR = 30_000;
const SKEW_MS = 600_000;

export const clocks = ({ suffix, hosts }: Scale): Scenario => ({
	name: `hosts-clocks${suffix}`,
	title: "clocks are wrong, and run at wrong speeds",
	expected: `The wall clocks of hosts are up to 10 minutes wrong, and their speeds up to 1%. Then the clock of the store runs 1% fast, and jumps at ${JUMP / 1_000} s, as after a failover. Clients
ask for 1.5 times the limit. Only the time of the store counts: errors of hosts change nothing. A store whose clock is fast grants as much more. A jump ahead fills the bucket, so
that a second of the limit is granted in addition; a jump back must not stop the hosts.`,
	async play(seed) {
		const perSecond = hosts * PER_HOST;
		const random = seededRandom(seed);
		const errors = Array.from({ length: hosts }, () => [2 * random() - 1, 2 * random() - 1] as const);
		const play = (label: string, differs: Partial<LimitsSimulation>) =>
			simulateLimits({ seed, hosts, forMs: FOR, perSecond, demand: [{ from: 0, to: FOR, perSecond: 1.5 * perSecond }], ...differs }).then(
				(run) => ({ label, run }),
			);
		const wrong =
			(skewMs: number, drift: number) =>
			(host: number): ClockErrors => {
				const [skewPart, driftPart] = errors[host] ?? [0, 0];
				return { skewMs: skewPart * skewMs, drift: driftPart * drift };
			};
		const skew = await play("hosts: ±10 min", { clocks: wrong(SKEW_MS, 0) });
		const drift = await play("hosts: ±10 min, ±1%", { clocks: wrong(SKEW_MS, 0.01) });
		const fast = await play("store: 10 min ahead, 1% fast", { storeClock: { skewMs: SKEW_MS, drift: 0.01 } });
		const ahead = await play("store: jumps 10 min ahead", { storeClock: { jumps: [{ at: JUMP, byMs: SKEW_MS }] } });
		const back = await play("store: jumps 10 min back", { storeClock: { jumps: [{ at: JUMP, byMs: -SKEW_MS }] } });
		const variants = [skew, drift, fast, ahead, back];
		const ofHosts = [skew, drift].map(({ run }) => Math.abs(grantedOfLimit(run, FROM, FOR) - 1));
		return {
			table: limitsTable("clocks", variants, [FROM, FOR]),
			checks: [
				atMost("clocks of hosts: deviation of the grants from the limit", Math.max(...ofHosts), 0.01, "share"),
				atMost("a fast store: granted", grantedOfLimit(fast.run, FROM, FOR), 1.02, "share"),
				atMost("a jump ahead: most grants in a second", mostInASecond(ahead.run, FROM, FOR), 2.1, "share"),
				atLeast("a jump back: granted after it", grantedOfLimit(back.run, JUMP + 1_000, FOR), 0.97, "share"),
			],
			panel: { plots: [{ title: "granted", x: "seconds", y: "% of the limit", lines: grantedLines(variants.slice(1), 500) }] },
		};
	},
});
