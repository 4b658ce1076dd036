import { availableParallelism } from "node:os";
import { parse, resolve } from "node:path";
import type { InstanceConfig } from "../../backend.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import type { LlamaCppOptions } from "../../protocols/llama-cpp/options.ts";

/** Processors by the word of the configuration. */
const GPUS = { auto: "auto", cuda: "cuda", metal: "metal", vulkan: "vulkan", none: false } as const;

/**
 * Reads the options of an instance. `model_path` names one file, and its model has the name of the file without its extension.
 * `model_paths` is a table of files by model. Relative paths begin at the working directory of the host, as all paths of the configuration.
 *
 * @throws BackendConfigError that names every wrong or unknown option.
 */
export function readOptions(config: InstanceConfig): LlamaCppOptions {
	const reader = new OptionReader(config.name, config.options);
	const path = reader.string("model_path");
	const paths = reader.strings("model_paths");
	const files = new Map<string, string>();
	for (const [name, file] of paths) {
		if (file === undefined) continue;
		files.set(
			name,
			checkedPath(file, (message) => reader.fault(["model_paths", name], message)),
		);
	}
	if (path !== undefined) {
		if (files.size > 0) reader.fault("model_path", "cannot stand beside model_paths; name all files there");
		files.set(
			parse(path).name,
			checkedPath(path, (message) => reader.fault("model_path", message)),
		);
	} else if (paths.size === 0) reader.fault("model_path", "is missing; name the GGUF file of the model");
	const options: LlamaCppOptions = {
		files,
		gpu: GPUS[reader.string("gpu", ["auto", "cuda", "metal", "vulkan", "none"]) ?? "auto"],
		threads: reader.integer("threads", { min: 1, max: 1024 }) ?? defaultThreads(),
		contextSize: reader.integer("context_size", { min: 256, max: 1_048_576 }) ?? 4096,
		maxPending: reader.integer("max_pending_requests", { min: 0, max: 10_000 }) ?? 32,
	};
	checkModels(config, files, reader);
	reader.finish();
	return options;
}

/**
 * Half of the processors, at least one. The threads of an evaluation spin while they wait for each other. A thread that has no processor
 * therefore delays all others: four threads on two busy processors took 100 times as long as one.
 */
function defaultThreads(): number {
	return Math.max(1, Math.floor(availableParallelism() / 2));
}

function checkedPath(path: string, fault: (message: string) => void): string {
	if (/^~|^\$/.test(path)) fault("holds '~' or a variable, which are not expanded; write the whole path");
	return resolve(path);
}

/** Adds a fault for each model of the configuration that has no file. */
function checkModels({ models }: InstanceConfig, files: ReadonlyMap<string, string>, reader: OptionReader): void {
	for (const [index, model] of models.entries()) {
		const name = typeof model === "string" ? model : (model.upstream ?? model.name);
		if (!name.includes("*") && files.size > 0 && !files.has(name))
			reader.memberFault(
				["models", index],
				`is "${name}", which has no file in the options; the files are ${[...files.keys()].join(", ")}`,
			);
	}
}
