import type { TelemetryGauge, TelemetryMeter } from "../tracing/open-telemetry.ts";
import type { Metric } from "./metric.ts";
import type { MetricDefinition } from "./metric-definition.ts";

/**
 * Records metrics at a meter too, with the same names, attributes and bounds. Gauges are read when the meter collects.
 *
 * @param readGauges Returns the present values of the gauges.
 * @param onFailure Receives what the meter throws. Records of the host go on.
 * @returns The function that ends the reading of gauges.
 */
export function attachMeter(
	meter: TelemetryMeter,
	metrics: readonly Metric[],
	gauges: readonly MetricDefinition[],
	readGauges: () => readonly Metric[],
	onFailure: (cause: unknown) => void,
): () => void {
	const guard = (act: () => void): void => {
		try {
			act();
		} catch (cause) {
			onFailure(cause);
		}
	};
	for (const metric of metrics) guard(() => attach(meter, metric, guard));
	const detach: (() => void)[] = [];
	for (const definition of gauges) guard(() => detach.push(attachGauge(meter, definition, readGauges, guard)));
	return () => {
		for (const each of detach) guard(each);
	};
}

function attach(meter: TelemetryMeter, metric: Metric, guard: (act: () => void) => void): void {
	const { name, kind, boundaries } = metric.definition;
	const options = optionsOf(metric.definition);
	if (kind === "histogram") {
		const histogram = meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: [...boundaries] } });
		metric.listener = (value, attributes) => guard(() => histogram.record(value, attributes));
	} else {
		const counter = meter.createCounter(name, options);
		metric.listener = (amount, attributes) => guard(() => counter.add(amount, attributes));
	}
}

function attachGauge(
	meter: TelemetryMeter,
	definition: MetricDefinition,
	readGauges: () => readonly Metric[],
	guard: (act: () => void) => void,
): () => void {
	const gauge: TelemetryGauge = meter.createObservableGauge(definition.name, optionsOf(definition));
	const callback: Parameters<TelemetryGauge["addCallback"]>[0] = (result) =>
		guard(() => {
			const metric = readGauges().find((each) => each.definition === definition);
			for (const { value, attributes } of metric?.series() ?? []) result.observe(value, attributes);
		});
	gauge.addCallback(callback);
	return () => gauge.removeCallback(callback);
}

function optionsOf({ description, unit }: MetricDefinition): { description: string; unit: string } {
	return { description, unit };
}
