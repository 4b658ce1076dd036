/** A claim about a run, the number it stands or falls with, and whether it holds. */
export interface Check {
	readonly claim: string;
	readonly value: number;
	/** e.g. `≤ 1.5`. */
	readonly bound: string;
	readonly unit: Unit;
	readonly holds: boolean;
}

/** How a number is to be read: `share` is a part between 0 and 1. */
export type Unit = "share" | "ms" | "s" | "ratio" | "count" | "rate";

export function atMost(claim: string, value: number, limit: number, unit: Unit): Check {
	return { claim, value: tidy(value), bound: `≤ ${inWords(limit, unit)}`, unit, holds: value <= limit };
}

export function atLeast(claim: string, value: number, limit: number, unit: Unit): Check {
	return { claim, value: tidy(value), bound: `≥ ${inWords(limit, unit)}`, unit, holds: value >= limit };
}

/** A number as people read it. */
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

/** Six digits say it all, and are the same on every machine. */
export function tidy(value: number): number {
	return Number(value.toPrecision(6));
}

function trim(value: number, digits: number): string {
	return String(Number(value.toFixed(digits)));
}

function grouped(value: number): string {
	return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
