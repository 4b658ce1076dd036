import type { Settings } from "../config/settings.ts";
import type { Logger } from "../telemetry/logger.ts";
import { isSecretFile } from "./secret-sources.ts";

/** Settings that a running host cannot change, by their keys in the configuration. */
const BUILT_ON: readonly (readonly [key: string, of: (settings: Settings) => unknown])[] = [
	["host.log_level", ({ logLevel = "" }) => logLevel],
	["host.proxy", ({ proxy }) => proxy],
	["host.ca_file", ({ caFile }) => caFile],
	["host.seal_key_env", ({ sealKeyName = "" }) => (isSecretFile(sealKeyName) ? "" : sealKeyName)],
	["host.seal_key_file", ({ sealKeyName = "" }) => (isSecretFile(sealKeyName) ? sealKeyName : "")],
	["media", ({ media, sharedMedia }) => [media, sharedMedia]],
	["cluster", ({ cluster }) => (cluster === undefined ? undefined : { ...cluster, unreachable: undefined })],
	["runs.worker_runs", ({ queue }) => queue.workerRuns],
	["telemetry.metrics", ({ telemetry }) => telemetry.metrics],
	["server.host", ({ serve }) => serve.server.host],
	["server.port", ({ serve }) => serve.server.port],
	["server.max_header_bytes", ({ serve }) => serve.server.maxHeaderBytes],
	["server.max_connections", ({ serve }) => serve.server.maxConnections],
	["server.header_timeout_ms", ({ serve }) => serve.server.headerTimeoutMs],
	["server.keep_alive_ms", ({ serve }) => serve.server.keepAliveMs],
	["telemetry.opentelemetry", ({ telemetry }) => telemetry.openTelemetry],
];

/** The changes of a running host's settings that wait for a restart. */
export class RestartWarnings {
	readonly #first: Settings;
	readonly #logger: Logger;
	#reported: Settings;

	/** @param first Settings that the host was created with. */
	constructor(first: Settings, logger: Logger) {
		this.#first = first;
		this.#logger = logger;
		this.#reported = first;
	}

	/** Returns the keys whose value differs from the one that the host was created with. */
	neededBy(settings: Settings): string[] {
		return changed(this.#first, settings);
	}

	/** Logs the changes that wait for a restart. A further reload with the same value adds no line. */
	report(settings: Settings): void {
		const since = changed(this.#reported, settings);
		this.#reported = settings;
		const waiting = this.neededBy(settings).filter((key) => since.includes(key));
		if (waiting.length === 0) return;
		this.#logger.warn({ needRestart: waiting }, `${waiting.join(", ")}: the change takes effect after a restart of the host`);
	}
}

function changed(before: Settings, after: Settings): string[] {
	return BUILT_ON.filter(([, of]) => JSON.stringify(of(before)) !== JSON.stringify(of(after))).map(([key]) => key);
}
