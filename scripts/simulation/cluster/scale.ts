/** The size of a scenario of limits. */
export interface Scale {
	/** End of the scenario's name. */
	readonly suffix: string;
	readonly hosts: number;
}

/** Runs with every check of the sources. */
export const SMALL: Scale = { suffix: "", hosts: 100 };

/** Takes minutes. */
export const LARGE: Scale = { suffix: "-1000", hosts: 1_000 };

/** The limit per host in most scenarios, per second. */
export const PER_HOST = 20;
