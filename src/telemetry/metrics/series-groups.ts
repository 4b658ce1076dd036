import { keyOf, type Metric, type Series } from "./metric.ts";
import type { AttributeValue } from "./metric-definition.ts";

/** Bounds the groups that are kept. The series themselves are bounded by their metrics. */
const MAX_GROUPS = 4_096;

/** Values of the attributes of each metric of a group. */
type Values<M extends string> = Readonly<Record<M, readonly AttributeValue[]>>;

/** Series of several metrics that are recorded together, with attributes that follow from the same values. */
export class SeriesGroup<M extends string> {
	readonly #metrics: Readonly<Record<M, Metric>>;
	readonly #values: Values<M>;
	/** Series that were recorded to. A series is created by its first record. */
	readonly #series: Partial<Record<M, Series>> = {};

	constructor(metrics: Readonly<Record<M, Metric>>, values: Values<M>) {
		this.#metrics = metrics;
		this.#values = values;
	}

	/** Adds to a counter. */
	add(name: M, amount: number): void {
		this.#metrics[name].addTo(this.#seriesOf(name), amount);
	}

	/** Adds a value to a histogram. */
	record(name: M, value: number): void {
		this.#metrics[name].recordTo(this.#seriesOf(name), value);
	}

	#seriesOf(name: M): Series {
		const known = this.#series[name];
		if (known !== undefined) return known;
		const series = this.#metrics[name].seriesOf(this.#values[name]);
		this.#series[name] = series;
		return series;
	}
}

/** Finds the group of a combination of values by one look-up for all of its metrics. */
export class SeriesGroups<M extends string> {
	readonly #metrics: Readonly<Record<M, Metric>>;
	readonly #valuesOf: (values: readonly AttributeValue[]) => Values<M>;
	readonly #groups = new Map<string, SeriesGroup<M>>();

	/** @param valuesOf Returns the values of the attributes of each metric. */
	constructor(metrics: Readonly<Record<M, Metric>>, valuesOf: (values: readonly AttributeValue[]) => Values<M>) {
		this.#metrics = metrics;
		this.#valuesOf = valuesOf;
	}

	/** Returns the group of these values. */
	group(values: readonly AttributeValue[]): SeriesGroup<M> {
		const key = keyOf(values);
		const known = this.#groups.get(key);
		if (known !== undefined) return known;
		if (this.#groups.size >= MAX_GROUPS) this.#groups.clear();
		const group = new SeriesGroup(this.#metrics, this.#valuesOf(values));
		this.#groups.set(key, group);
		return group;
	}
}
