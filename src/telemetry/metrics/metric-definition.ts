/** A metric: its name and unit by the OpenTelemetry conventions, and the bound on its series. */
export interface MetricDefinition {
	/** Name with dots, such as `gen_ai.client.inference.duration`. */
	readonly name: string;
	readonly kind: "counter" | "gauge" | "histogram";
	/** Unit in UCUM: `s`, `By`, or a note in braces such as `{token}`. */
	readonly unit: string;
	readonly description: string;
	/** Names of the attributes, in the order in which values are given. */
	readonly attributes: readonly string[];
	/** Upper bounds of the buckets of a histogram, ascending. Empty for other kinds. */
	readonly boundaries: readonly number[];
	/** Largest number of series. Further ones are merged into series whose open attributes are `other`. */
	readonly maxSeries: number;
}

/** Value of an attribute. `undefined` if the attribute is absent. */
export type AttributeValue = string | number | undefined;

/** Stands for all values of an attribute beyond its bound. */
export const OTHER = "other";
