import type { Logger } from "../telemetry/logger.ts";

/** Logs the cache directories that cannot be used, each once. Otherwise every load would repeat the line. */
export class CacheWarnings {
	readonly #logger: Logger;
	readonly #reported = new Set<string>();

	constructor(logger: Logger) {
		this.#logger = logger;
	}

	report(directory: string, err: unknown): void {
		if (this.#reported.has(directory)) return;
		this.#reported.add(directory);
		const message = `transpiled components cannot be stored in ${directory}, so the engine jco transpiles each again at every start; set [host] cache_dir to a writable directory`;
		this.#logger.warn({ err }, message);
	}
}
