/** Numbers of hints since the start of the host. */
export interface SignalStatistics {
	/** Hints that this host has published. */
	readonly sent: number;
	/** Hints that could not be published, because the store was unreachable. */
	readonly unsent: number;
	/** Hints of other hosts, without copies. */
	readonly received: number;
	/** Hints that count as evidence here. */
	readonly applied: number;
	/** Hints on backends, operations or keys that this host does not have. */
	readonly unknown: number;
	/** Hints of hosts that were wrong before. */
	readonly discounted: number;
	/** Hints beyond the rate of one host. */
	readonly flooded: number;
	/** Hints and values that no host of this version wrote. */
	readonly refused: number;
	/** Hints that trials of this host have shown to be wrong. */
	readonly refuted: number;
}

/** Counts hints. */
export type SignalCounts = { -readonly [N in keyof SignalStatistics]: number };

export function noSignals(): SignalCounts {
	return { sent: 0, unsent: 0, received: 0, applied: 0, unknown: 0, discounted: 0, flooded: 0, refused: 0, refuted: 0 };
}
