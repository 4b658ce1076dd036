import { RecentMap } from "../../collections/recent-map.ts";
import { subjectOf } from "../hint-form.ts";
import type { HintKind, ReceivedHint } from "../hints.ts";

/** Hints of one host that are looked at: a burst, and hints per second over a longer time. An honest host sends at most 128 a second. */
const HINTS_OF_HOST = { burst: 512, perSecond: 128 } as const;

/** Hosts and hints that are remembered. */
const MAX_HOSTS = 2_048;
const MAX_SEEN = 8_192;

/** Difference of the ends of two copies of one hint, in milliseconds: messages take some time. */
const SAME_END_MS = 1_500;

interface Credit {
	readonly left: number;
	readonly at: number;
}

/** Hints that have arrived, by messages and by reading all that are present. Leaves out copies, and what exceeds the rate of a host. */
export class Inbox {
	readonly #credits = new RecentMap<string, Credit>(MAX_HOSTS);
	readonly #seen = new RecentMap<
		string,
		{ readonly kind: HintKind; readonly failures: number; readonly guests: string; readonly endsAt: number }
	>(MAX_SEEN);

	/** Returns `new` for a hint to apply. */
	judge(hint: ReceivedHint, now: number): "new" | "copy" | "flood" {
		const { host, kind, failures, guests } = hint;
		const id = `${host} ${subjectOf(hint)}`;
		const endsAt = now + hint.leftMs;
		const seen = this.#seen.get(id);
		const isCopy =
			seen?.kind === kind && seen.failures === failures && seen.guests === guests && Math.abs(seen.endsAt - endsAt) < SAME_END_MS;
		if (isCopy) return "copy";
		const credit = this.#credits.get(host) ?? { left: HINTS_OF_HOST.burst, at: now };
		const left = Math.min(HINTS_OF_HOST.burst, credit.left + ((now - credit.at) / 1_000) * HINTS_OF_HOST.perSecond);
		if (left < 1) return "flood";
		this.#credits.set(host, { left: left - 1, at: now });
		this.#seen.set(id, { kind, failures, guests, endsAt });
		return "new";
	}
}
