/** A claim about a run, and the number that decides it. */
export interface Check {
	readonly claim: string;
	readonly value: number;
	/** The bound of the value, e.g. `≤ 1.5`. */
	readonly bound: string;
	readonly unit: Unit;
	readonly holds: boolean;
}

/** The unit of a number. `share` is between 0 and 1, `rate` is per second. */
export type Unit = "share" | "ms" | "s" | "ratio" | "count" | "rate";

export function atMost(claim: string, value: number, limit: number, unit: Unit): Check {
	return { claim, value: tidy(value), bound: `≤ ${inWords(limit, unit)}`, unit, holds: value <= limit };
}

export function atLeast(claim: string, value: number, limit: number, unit: Unit): Check {
	return { claim, value: tidy(value), bound: `≥ ${inWords(limit, unit)}`, unit, holds: value >= limit };
}

/** Formats a number for readers. */
export function inWords(value: number, unit: Unit): string {
	if (!Number.isFinite(value)) return "–";
	switch (unit) {
		case "share":
			return `${trim(value * 100, 2)}%`;
		case "ms":
			return `${grouped(Math.round(value))} ms`;
		case "s":
			return `${trim(value, 1)} s`;
		case "ratio":
			return `${trim(value, 2)}×`;
		case "rate":
			return `${trim(value, 1)}/s`;
		case "count":
			return Number.isInteger(value) ? grouped(value) : trim(value, 2);
	}
}

/** Rounds to six digits, which are equal on every machine. */
export function tidy(value: number): number {
	return Number(value.toPrecision(6));
}

function trim(value: number, digits: number): string {
	return String(Number(value.toFixed(digits)));
}

function grouped(value: number): string {
	return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
