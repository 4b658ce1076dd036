import type { Settings } from "../../config/settings.ts";
import { causeChain } from "../../errors/cause-chain.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import { NO_GUEST } from "../../identity/guest-identity.ts";
import type { TraceContext } from "../../identity/trace-context.ts";
import type { MirrorRecord } from "../../router/execution/mirroring.ts";
import { ATTRIBUTE } from "../../telemetry/conventions.ts";
import { GuestObserver } from "../../telemetry/guest-observer.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { attachMeter } from "../../telemetry/metrics/meter.ts";
import type { Metric, SeriesAttributes } from "../../telemetry/metrics/metric.ts";
import { GAUGES } from "../../telemetry/metrics/metrics.ts";
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from "../../telemetry/metrics/prometheus.ts";
import { MetricsRecorder } from "../../telemetry/metrics/recorder.ts";
import type { TelemetryParts, TelemetrySettings } from "../../telemetry/telemetry-parts.ts";
import { Tracing } from "../../telemetry/tracing/tracing.ts";
import { upstreamName } from "../../telemetry/upstreams.ts";
import { systemClock } from "../../time/clock.ts";
import { Throttle } from "../../time/throttle.ts";
import type { HostCluster } from "../cluster/host-cluster.ts";
import type { OpenTelemetryParts } from "./load-open-telemetry.ts";
import { type GaugeSource, readGauges } from "./read-gauges.ts";
import { shownGuest } from "./shown-guest.ts";
import type { HostMetrics, TelemetryHostOptions } from "./telemetry-options.ts";

/** Shortest time between two log lines about a failing SDK, in milliseconds. Each record would make one otherwise. */
const NOTICE_INTERVAL_MS = 60_000;

export interface HostTelemetryOptions {
	readonly options: TelemetryHostOptions;
	readonly settings: Settings;
	readonly openTelemetry: OpenTelemetryParts;
	readonly logger: Logger;
	/** Replaces secrets in a text. */
	readonly redact: (text: string) => string;
	/** `undefined` for a host alone. Otherwise every series carries the name of the host. */
	readonly cluster: HostCluster | undefined;
}

/** Metrics and spans of a host, as its options and its configuration ask for them. */
export class HostTelemetry {
	readonly #parts: TelemetryParts;
	readonly #meter: OpenTelemetryParts["meter"];
	readonly #redact: (text: string) => string;
	readonly #onFailure: (cause: unknown) => void;
	#settings: TelemetrySettings;
	readonly #common: SeriesAttributes;
	#gauges: GaugeSource | undefined;
	#detach = (): void => {};

	constructor({ options, settings, openTelemetry, logger, redact, cluster }: HostTelemetryOptions) {
		const { meter, tracing } = openTelemetry;
		const notice = new Throttle(systemClock, NOTICE_INTERVAL_MS);
		this.#redact = redact;
		this.#common = cluster === undefined ? {} : { [ATTRIBUTE.host]: cluster.host };
		this.#meter = meter;
		this.#onFailure = (cause) => {
			const failures = notice.pass();
			if (failures !== undefined) logger.warn({ failures }, `the OpenTelemetry SDK fails: ${causeChain(cause)}`);
		};
		const isRecorded = (options.metrics ?? settings.telemetry.metrics) || meter !== undefined;
		const recorder = isRecorded ? new MetricsRecorder(this.#common) : undefined;
		if (recorder !== undefined)
			cluster?.store.connection.onCall(({ name, durationMs, failure }) => recorder.recordStoreCall(name, durationMs, failure));
		this.#parts = {
			recorder,
			tracing: tracing === undefined ? undefined : new Tracing(tracing.tracer, tracing.api, this.#onFailure),
			now: () => systemClock.now(),
			wallClock: Date.now,
			settings: () => this.#settings,
		};
		this.#settings = this.#settingsOf(settings);
		this.configure(settings);
	}

	/** Metrics as text. `undefined` if none are recorded. */
	get metrics(): HostMetrics | undefined {
		const { recorder } = this.#parts;
		if (recorder === undefined) return undefined;
		return {
			contentType: PROMETHEUS_CONTENT_TYPE,
			prometheus: () => prometheusText([...recorder.metrics, ...this.#readGauges()]),
		};
	}

	/** Replaces the settings. Takes effect at the next call of each guest. */
	configure(settings: Settings): void {
		this.#settings = this.#settingsOf(settings);
		this.#parts.recorder?.configure({
			guests: [...settings.guests.keys()],
			models: settings.backends.flatMap(({ models }) => models.map(({ name }) => name)),
		});
	}

	/** Starts to show the state of a host. */
	start(gauges: GaugeSource): void {
		const { recorder } = this.#parts;
		this.#gauges = gauges;
		if (recorder === undefined || this.#meter === undefined) return;
		this.#detach = attachMeter(this.#meter, recorder.metrics, Object.values(GAUGES), () => this.#readGauges(), this.#onFailure);
	}

	/** Returns the observer of a guest instance or client. `undefined` if there is nothing to observe for, so that calls cost nothing. */
	observe(guest: GuestIdentity, trace?: TraceContext): GuestObserver | undefined {
		const { recorder, tracing } = this.#parts;
		const isUsed = recorder !== undefined || tracing !== undefined || this.#settings.propagate.size > 0;
		return isUsed ? new GuestObserver(this.#parts, { name: shownGuest(guest), isGuest: guest !== NO_GUEST, trace }) : undefined;
	}

	recordMirror(record: MirrorRecord): void {
		this.#parts.recorder?.recordMirror(record);
	}

	/** Ends the reading of gauges by the meter, which would keep the host in memory. */
	close(): void {
		this.#detach();
	}

	#readGauges(): readonly Metric[] {
		const { recorder } = this.#parts;
		if (this.#gauges === undefined || recorder === undefined) return [];
		return readGauges(this.#gauges, (name) => recorder.guestValue(name), this.#common);
	}

	#settingsOf({ backends, telemetry: { propagate, maxContentBytes } }: Settings): TelemetrySettings {
		const upstreams = backends.map(({ name, kind, config }) => upstreamName({ name, kind: kind.name, baseUrl: config.base_url }));
		return {
			upstreams: new Map(upstreams.map((upstream) => [upstream.backend, upstream])),
			propagate,
			content: maxContentBytes === undefined ? undefined : { maxBytes: maxContentBytes, redact: this.#redact },
		};
	}
}
