import type { Metric, Series } from "./metric.ts";
import type { MetricDefinition } from "./metric-definition.ts";

/**
 * Media type of the text of {@link prometheusText}, for the header `content-type`.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Names of units in names of metrics. A unit in braces has none. */
const UNIT_NAMES: ReadonlyMap<string, string> = new Map([
	["s", "seconds"],
	["By", "bytes"],
]);

/** Returns metrics in the text format of Prometheus. Metrics without series are left out. */
export function prometheusText(metrics: Iterable<Metric>): string {
	let text = "";
	for (const metric of metrics) {
		const series = [...metric.series()];
		if (series.length === 0) continue;
		const { definition } = metric;
		const name = prometheusName(definition);
		text += `# HELP ${name} ${escapeHelp(definition.description)}\n# TYPE ${name} ${definition.kind}\n`;
		for (const each of series)
			text += definition.kind === "histogram" ? histogramLines(name, definition, each) : line(name, each, each.value);
	}
	return text;
}

/** Returns the name of a metric for Prometheus: words joined by `_`, with the unit, and `_total` for a counter. */
export function prometheusName({ name, unit, kind }: MetricDefinition): string {
	const words = name.replaceAll(".", "_");
	const unitName = UNIT_NAMES.get(unit);
	const withUnit = unitName === undefined ? words : `${words}_${unitName}`;
	return kind === "counter" ? `${withUnit}_total` : withUnit;
}

function histogramLines(name: string, { boundaries }: MetricDefinition, series: Series): string {
	let cumulative = 0;
	let text = "";
	for (const [index, count] of series.buckets.entries()) {
		cumulative += count;
		text += line(`${name}_bucket`, series, cumulative, String(boundaries[index] ?? "+Inf"));
	}
	return `${text}${line(`${name}_sum`, series, series.sum)}${line(`${name}_count`, series, series.value)}`;
}

function line(name: string, { attributes }: Series, value: number, le?: string): string {
	const labels = Object.entries(attributes).map(([key, label]) => `${key.replaceAll(".", "_")}="${escapeLabel(String(label))}"`);
	if (le !== undefined) labels.push(`le="${le}"`);
	return `${name}${labels.length === 0 ? "" : `{${labels.join(",")}}`} ${value}\n`;
}

function escapeLabel(value: string): string {
	return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
	return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
