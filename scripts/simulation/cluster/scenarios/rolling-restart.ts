import { atLeast, atMost } from "../../check.ts";
import type { Scenario } from "../../scenario.ts";
import { fewestInASecond, grantedOfLimit, mostInASecond } from "../limits-measures.ts";
import { limitsPanel } from "../limits-panel.ts";
import { type Restart, simulateLimits } from "../limits-run.ts";
import { limitsTable } from "../limits-table.ts";
import { PER_HOST, type Scale } from "../scale.ts";

const FROM = 5_000;
const TO = 35_000;
const FOR = 40_000;

/** Time for which a process is away. */
const AWAY_MS = 2_000;

export const rollingRestart = ({ suffix, hosts }: Scale): Scenario => ({
	name: `hosts-restart${suffix}`,
	title: "all hosts restart one after the other",
	expected: `From ${FROM / 1_000} s to ${TO / 1_000} s each host is away for ${AWAY_MS / 1_000} s once, and its clients use the others. Clients ask for 1.5 times the limit. A host that ends by SIGTERM gives back what it holds. What a host
holds at SIGKILL is lost: a slice of it. A host that was stopped (SIGSTOP) must not spend an old slice when it goes on. Good hosts grant the limit all the same.`,
	async play(seed) {
		const perSecond = hosts * PER_HOST;
		const play = (label: string, how: Restart["how"]) =>
			simulateLimits({
				seed,
				hosts,
				forMs: FOR,
				perSecond,
				demand: [{ from: 0, to: FOR, perSecond: 1.5 * perSecond }],
				restarts: Array.from({ length: hosts }, (_, host) => {
					const from = FROM + (host / hosts) * (TO - FROM - AWAY_MS);
					return { host, from, to: from + AWAY_MS, how };
				}),
			}).then((run) => ({ label, run }));
		const variants = [await play("SIGTERM", "closed"), await play("SIGKILL", "killed"), await play("SIGSTOP", "paused")];
		const runs = variants.map(({ run }) => run);
		return {
			table: limitsTable("the end of a process", variants, [FROM, TO]),
			checks: [
				atLeast("granted, of the limit", Math.min(...runs.map((run) => grantedOfLimit(run, FROM, TO))), 0.98, "share"),
				atMost("granted, of the limit", Math.max(...runs.map((run) => grantedOfLimit(run, FROM, TO))), 1.01, "share"),
				atLeast("fewest grants in a second", Math.min(...runs.map((run) => fewestInASecond(run, FROM, TO))), 0.9, "share"),
				atMost("most grants in a second", Math.max(...runs.map((run) => mostInASecond(run, FROM, TO))), 1.1, "share"),
			],
			panel: limitsPanel(variants, { shaded: [FROM, TO] }),
		};
	},
});
