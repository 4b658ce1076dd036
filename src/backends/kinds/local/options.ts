import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { InstanceConfig } from "../../backend.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { type LocalOptions, SPEECH_ENGINES } from "../../protocols/local/options.ts";

/**
 * Reads the options of an instance. A relative path begins at the working directory of the host, as all paths of the configuration.
 *
 * @throws BackendConfigError that names every wrong or unknown option.
 */
export function readOptions(config: InstanceConfig): LocalOptions {
	const reader = new OptionReader(config.name, config.options);
	const folder = reader.string("models_dir");
	if (folder !== undefined && /^~|^\$/.test(folder))
		reader.fault("models_dir", "holds '~' or a variable, which are not expanded; write the whole path");
	const options: LocalOptions = {
		modelsDir: folder === undefined ? undefined : resolve(folder),
		engine: reader.string("engine", SPEECH_ENGINES) ?? "auto",
		threads: reader.integer("threads", { min: 1, max: 1024 }) ?? defaultThreads(),
		idleMs: reader.integer("idle_unload_ms", { min: 0, max: 86_400_000 }) ?? 300_000,
		maxPending: reader.integer("max_pending_requests", { min: 0, max: 10_000 }) ?? 64,
		chatModel: reader.string("chat_model"),
	};
	reader.finish();
	return options;
}

/** Half of the processors, at least one. The rest is for the host and the other engines. */
function defaultThreads(): number {
	return Math.max(1, Math.floor(availableParallelism() / 2));
}
