/** A check of the suite. */
export interface ConformanceCase {
	/** Sentence that states the behaviour, beginning with the kind. Unique among the cases of a fixture. */
	readonly name: string;
	/** Runs the check. Rejects with an error that names the difference. */
	run(): Promise<void>;
}

/** A figure that a case measures, for a report. No case fails because of it. */
export interface Measurement {
	/** Name of the case. */
	readonly name: string;
	/** The measured quantity: `cancel` is the time from an abort to the end of the connection at the upstream. */
	readonly quantity: "cancel";
	readonly ms: number;
}

export interface ConformanceOptions {
	/** Called for each figure. The default discards them. */
	readonly onMeasure?: (measurement: Measurement) => void;
	/** Most early ends of one stream, evenly spaced. The default is each byte, up to 4,096. Less takes less time and shows less. */
	readonly maxEnds?: number;
	/** Time after which a case counts anything that it waits for as hanging, in milliseconds. The default is 30000. */
	readonly hangMs?: number;
}
