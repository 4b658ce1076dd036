/** Wrong keys that an address may send at once. */
const BURST = 20;

/** Wrong keys that an address may send per second in the long run. */
const PER_SECOND = 10;

/** Addresses that are counted. A further one takes the place of the address whose last wrong key is the oldest. */
const MAX_ADDRESSES = 4_096;

interface Guesses {
	/** Wrong keys that the address may send now. */
	left: number;
	at: number;
}

/**
 * Bounds wrong keys of the admin API by address. An address without guesses left is refused whatever its key: otherwise the answer to many concurrent
 * guesses would tell the right one. Requests without a key are no guesses, so that a web page in the operator's browser cannot spend them.
 */
export class GuessLimit {
	readonly #now: () => number;
	/** The address whose last wrong key is the oldest comes first. */
	readonly #byAddress = new Map<string, Guesses>();

	/** @param now Returns milliseconds. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** Returns the time until a key of this address is looked at, in milliseconds; 0 for now. */
	waitMs(address: string): number {
		const guesses = this.#byAddress.get(networkOf(address));
		if (guesses === undefined) return 0;
		const left = this.#leftOf(guesses);
		return left >= 1 ? 0 : Math.ceil(((1 - left) / PER_SECOND) * 1_000);
	}

	/** Counts a wrong key. */
	recordWrong(address: string): void {
		const network = networkOf(address);
		const existing = this.#byAddress.get(network);
		const left = existing === undefined ? BURST : this.#leftOf(existing);
		this.#byAddress.delete(network);
		this.#byAddress.set(network, { left: Math.max(0, left - 1), at: this.#now() });
		const [oldest] = this.#byAddress.keys();
		if (this.#byAddress.size > MAX_ADDRESSES && oldest !== undefined) this.#byAddress.delete(oldest);
	}

	#leftOf({ left, at }: Guesses): number {
		return Math.min(BURST, left + ((this.#now() - at) / 1_000) * PER_SECOND);
	}
}

/** Returns the part of an address that its owner cannot change at will: 64 bits of IPv6, all of IPv4. */
function networkOf(address: string): string {
	if (!address.includes(":") || address.includes(".")) return address;
	const [head = "", tail] = address.split("::");
	const before = head === "" ? [] : head.split(":");
	if (tail === undefined) return before.slice(0, 4).join(":");
	const after = tail === "" ? [] : tail.split(":");
	const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
	return [...before, ...zeros, ...after].slice(0, 4).join(":");
}
