import { type AttributeValue, type MetricDefinition, OTHER } from "./metric-definition.ts";
import { OPEN_ATTRIBUTES } from "./metrics.ts";

/** Attributes of a series, without the absent ones. */
export type SeriesAttributes = Readonly<Record<string, string | number>>;

/** A combination of attributes of a metric, and what was recorded for it. */
export interface Series {
	readonly attributes: SeriesAttributes;
	/** Sum of a counter, value of a gauge, or number of values of a histogram. */
	value: number;
	/** Sum of the values of a histogram. 0 for other kinds. */
	sum: number;
	/** Number of values of a histogram by bucket; the last is for values above every boundary. Empty for other kinds. */
	readonly buckets: number[];
	/** True if records of other combinations are merged into this one. */
	readonly isMerged: boolean;
}

/** Receives each record of a metric, with the attributes of its series. */
export type MetricListener = (amount: number, attributes: SeriesAttributes) => void;

/** The series of one metric. */
export class Metric {
	readonly definition: MetricDefinition;
	readonly #series = new Map<string, Series>();
	readonly #isOpen: readonly boolean[];
	readonly #onOverflow: () => void;
	readonly #common: SeriesAttributes;
	/** Set once, if another library records the metric too. */
	listener: MetricListener | undefined;

	/**
	 * @param onOverflow Called for each record that is merged into a series of `other`.
	 * @param common Attributes of every series. The default is none.
	 */
	constructor(definition: MetricDefinition, onOverflow: () => void, common: SeriesAttributes = {}) {
		this.definition = definition;
		this.#isOpen = definition.attributes.map((name) => OPEN_ATTRIBUTES.has(name));
		this.#onOverflow = onOverflow;
		this.#common = common;
	}

	/** The series, in the order in which they were recorded first. */
	series(): Iterable<Series> {
		return this.#series.values();
	}

	/** Adds to a counter or a gauge. */
	add(amount: number, values: readonly AttributeValue[]): void {
		this.addTo(this.seriesOf(values), amount);
	}

	/** Adds a value to a histogram. */
	record(value: number, values: readonly AttributeValue[]): void {
		this.recordTo(this.seriesOf(values), value);
	}

	/** Adds to a series of a counter or a gauge. */
	addTo(series: Series, amount: number): void {
		if (series.isMerged) this.#onOverflow();
		series.value += amount;
		this.listener?.(amount, series.attributes);
	}

	/** Adds a value to a series of a histogram. */
	recordTo(series: Series, value: number): void {
		if (series.isMerged) this.#onOverflow();
		series.value += 1;
		series.sum += value;
		const { boundaries } = this.definition;
		let bucket = 0;
		for (let boundary = boundaries[0]; boundary !== undefined && value > boundary; boundary = boundaries[bucket]) bucket += 1;
		series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
		this.listener?.(value, series.attributes);
	}

	/** Returns the series for these values of the attributes. Callers may keep it: building its key takes most of the time of a record. */
	seriesOf(values: readonly AttributeValue[]): Series {
		const key = keyOf(values);
		const known = this.#series.get(key);
		if (known !== undefined) return known;
		if (this.#series.size < this.definition.maxSeries) return this.#create(key, values, false);
		// Only closed sets of values are left, so that their number is bounded too.
		const merged = values.map((value, index) => (value !== undefined && this.#isOpen[index] ? OTHER : value));
		const mergedKey = keyOf(merged);
		return this.#series.get(mergedKey) ?? this.#create(mergedKey, merged, true);
	}

	#create(key: string, values: readonly AttributeValue[], isMerged: boolean): Series {
		const { attributes: names, boundaries, kind } = this.definition;
		const attributes: Record<string, string | number> = { ...this.#common };
		for (const [index, name] of names.entries()) {
			const value = values[index];
			if (value !== undefined) attributes[name] = value;
		}
		const buckets = kind === "histogram" ? new Array<number>(boundaries.length + 1).fill(0) : [];
		const series: Series = { attributes, value: 0, sum: 0, buckets, isMerged };
		this.#series.set(key, series);
		return series;
	}
}

/** Returns a key of a list of values. Values hold no control characters, so that no two lists have one key. */
export function keyOf(values: readonly AttributeValue[]): string {
	let key = "";
	for (const value of values) key += value === undefined ? "\u0001" : `\u0000${value}`;
	return key;
}
