import type { InstanceConfig } from "../../backend.ts";
import { OptionReader } from "../../kit/option-reader.ts";

/** Options of a stub. */
export interface StubOptions {
	/** Delay before each word of an answer, in milliseconds. The default is 0. */
	readonly delayMs: number;
}

/** @throws BackendConfigError that names the wrong or unknown option. */
export function readOptions(config: InstanceConfig): StubOptions {
	const reader = new OptionReader(config.name, config.options);
	const options = { delayMs: reader.integer("delay_ms", { min: 0, max: 60_000 }) ?? 0 };
	reader.finish();
	return options;
}
