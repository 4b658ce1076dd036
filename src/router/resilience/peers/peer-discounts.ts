import { PeerTrust } from "./peer-trust.ts";

/** Kinds of hints whose trust is counted apart. Otherwise 429s, which pass quickly, would cost a host the trust in its reports of dead backends. */
export type TrustedKind = "failing" | "breaker" | "key";

/** Trust in the hints of other hosts, by kind. */
export class PeerDiscounts {
	readonly #trust: Readonly<Record<TrustedKind, PeerTrust>> = { failing: new PeerTrust(), breaker: new PeerTrust(), key: new PeerTrust() };

	isDiscounted(host: string, kind: TrustedKind, now: number): boolean {
		return this.#trust[kind].isDiscounted(host, now) || (kind === "failing" && this.#trust.breaker.isDiscounted(host, now));
	}

	refute(host: string, kind: TrustedKind, now: number): void {
		this.#trust[kind].refute(host, now);
	}

	confirm(host: string, kind: TrustedKind): void {
		this.#trust[kind].confirm(host);
		if (kind === "breaker") this.#trust.failing.confirm(host);
	}
}
