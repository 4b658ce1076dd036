import { randomFillSync } from "node:crypto";
import type { Clock } from "../../../generated/hostcall/core/clock.ts";
import { nextTurn } from "../../async/event-loop-turn.ts";
import type { CoreScope } from "./core-scope.ts";
import { waitUntil } from "./wait-until.ts";

/** Random numbers that are made at once. One costs as much as all of them. */
const RANDOM_NUMBERS = 128;

/** Time, waiting and random numbers for one instance. An abort of the run ends a wait. */
export function createClock({ clock, signal }: Pick<CoreScope, "clock" | "signal">): Clock {
	const random = new BigInt64Array(RANDOM_NUMBERS);
	let used = RANDOM_NUMBERS;
	return {
		timeNowMs: () => BigInt(Date.now()),
		wallTimeS: () => BigInt(Math.floor(Date.now() / 1000)),
		random() {
			if (used === RANDOM_NUMBERS) {
				randomFillSync(random);
				used = 0;
			}
			return random[used++] ?? 0n;
		},
		async sleep(ms) {
			await nextTurn();
			const end = ms < 0 ? Number.POSITIVE_INFINITY : clock.now() + ms;
			do await waitUntil({ clock, signal, ms: end - clock.now() });
			while (clock.now() < end);
		},
	};
}
