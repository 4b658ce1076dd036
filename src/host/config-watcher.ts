import { ConfigError, faultLine } from "../config/config-error.ts";
import { fileFault } from "../errors/file-fault.ts";
import { isAbsent } from "../errors/is-absent.ts";
import type { Logger } from "../telemetry/logger.ts";
import { watchFile } from "./file-watcher.ts";
import { readConfigFile } from "./read-settings.ts";

export interface ConfigWatcherOptions {
	/** Path of the configuration's file. */
	readonly path: string;
	/** The text that is in use now. */
	readonly text: string | undefined;
	/** Applies a text of the file. The file is not read again: its text may have changed meanwhile, or be empty during a write. */
	readonly reload: (text: string) => Promise<unknown>;
	readonly logger: Logger;
	/** The default watches by notifications of the system, and by a check every ten seconds. */
	readonly watch?: typeof watchFile;
}

/**
 * Reloads a configuration whenever its file holds another text. A file that cannot be used is logged, and nothing changes.
 *
 * @returns Stops the watching.
 */
export function watchConfig({ path, text, reload, logger, watch = watchFile }: ConfigWatcherOptions): () => void {
	let known = text;
	let unreadable = "";
	let stopped = false;
	/** Reads the file. Reports each reason for which it cannot be read once. An absent file is being replaced. */
	const read = async (): Promise<string | undefined> => {
		try {
			const now = await readConfigFile(path);
			unreadable = "";
			return now;
		} catch (thrown) {
			const reason = thrown instanceof ConfigError ? thrown.faults.map(faultLine).join("; ") : `${path}: ${fileFault(thrown)}`;
			if (reason !== unreadable && !isAbsent(thrown)) logger.error({}, `${reason}; the configuration before it stays in use`);
			unreadable = reason;
			return undefined;
		}
	};
	const check = async (): Promise<void> => {
		const now = await read();
		// An empty file is a write in progress. Loading it would select the stub backend.
		if (stopped || now === undefined || now === known || now.trim() === "") return;
		known = now;
		await reload(now).catch((cause: unknown) => {
			const faults = cause instanceof ConfigError ? { faults: cause.faults.map(faultLine) } : { err: cause };
			logger.error(faults, `${path} is refused, the configuration before it stays in use`);
		});
	};
	const onFailure = (cause: unknown): void =>
		logger.warn(
			{ cause: String(cause) },
			`${path} cannot be watched by notifications, so that changes are found by a check every ten seconds`,
		);
	const unwatch = watch(path, () => void check(), onFailure);
	// The file may have changed after its text was read, and before the watch began.
	void check();
	return () => {
		stopped = true;
		unwatch();
	};
}
