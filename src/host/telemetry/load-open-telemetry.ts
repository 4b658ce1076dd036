import type { Faults } from "../../config/faults.ts";
import type { TelemetryOptions } from "../../config/telemetry-settings.ts";
import { causeChain } from "../../errors/cause-chain.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { importOptionalPackage } from "../../packages/optional-package.ts";
import type { OpenTelemetryApi, TelemetryMeter, TelemetryTracer } from "../../telemetry/tracing/open-telemetry.ts";
import type { TelemetryHostOptions } from "./telemetry-options.ts";

/** Name of the package, and of the instrumentation scope of what the host records. */
const PACKAGE = "@opentelemetry/api";
const SCOPE = "spear-hostcall";

/** The receivers of metrics and spans. */
export interface OpenTelemetryParts {
	readonly meter: TelemetryMeter | undefined;
	readonly tracing: { readonly tracer: TelemetryTracer; readonly api: OpenTelemetryApi } | undefined;
}

/**
 * Returns the receivers of metrics and spans. Loads `@opentelemetry/api` only if they are asked for. Adds a fault if the configuration asks
 * for the package and it is not installed.
 *
 * @throws SpearError `invalid_request` for a tracer without the package, and for a value that is no tracer or meter.
 */
export async function loadOpenTelemetry(
	{ meter, tracer }: TelemetryHostOptions,
	{ openTelemetry }: TelemetryOptions,
	faults: Faults,
): Promise<OpenTelemetryParts> {
	if (meter !== undefined && typeof meter.createCounter !== "function") throw wrong("meter", "Meter");
	if (tracer !== undefined && typeof tracer.startSpan !== "function") throw wrong("tracer", "Tracer");
	if (!openTelemetry && tracer === undefined) return { meter, tracing: undefined };
	let api: OpenTelemetryApi;
	try {
		api = await importApi();
	} catch (cause) {
		const message = `the package ${PACKAGE} cannot be loaded: ${causeChain(cause)}`;
		if (tracer !== undefined) throw new SpearError("invalid_request", `telemetry.tracer: ${message}`, { cause });
		faults.add(["telemetry", "opentelemetry"], message, { cause });
		return { meter, tracing: undefined };
	}
	const registered = openTelemetry ? api : undefined;
	const receiver = tracer ?? registered?.trace.getTracer(SCOPE);
	return {
		meter: meter ?? registered?.metrics.getMeter(SCOPE),
		tracing: receiver === undefined ? undefined : { tracer: receiver, api },
	};
}

async function importApi(): Promise<OpenTelemetryApi> {
	const module = await importOptionalPackage(PACKAGE);
	if (isApi(module)) return module;
	throw new Error("its module has other members than expected");
}

function isApi(module: unknown): module is OpenTelemetryApi {
	if (typeof module !== "object" || module === null) return false;
	return ["ROOT_CONTEXT", "context", "trace", "metrics"].every((name) => name in module);
}

function wrong(option: string, type: string): SpearError {
	return new SpearError("invalid_request", `telemetry.${option}: it must be a ${type} of ${PACKAGE}`);
}
