import { type FSWatcher, realpathSync, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { ConfigError, faultLine } from "../config/config-error.ts";
import { fileFault } from "../errors/file-fault.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Time without a change before a file is read, in milliseconds: editors write in several steps. */
const QUIET_MS = 100;

export interface ConfigWatcherOptions {
	/** Path of the configuration's file. */
	readonly path: string;
	/** The text that is in use now. */
	readonly text: string | undefined;
	readonly reload: () => Promise<unknown>;
	readonly logger: Logger;
}

/**
 * Reloads a configuration whenever its file holds another text. A file that cannot be used is logged, and nothing changes.
 *
 * @returns Stops the watching.
 */
export function watchConfig({ path, text, reload, logger }: ConfigWatcherOptions): () => void {
	let known = text;
	let unreadable = "";
	/** Reads the file. Reports each reason for which it cannot be read once. An absent file is being replaced. */
	const read = async (): Promise<string | undefined> => {
		try {
			const now = await readFile(path, "utf8");
			unreadable = "";
			return now;
		} catch (thrown) {
			const reason = fileFault(thrown);
			if (reason !== unreadable && !isAbsent(thrown)) logger.error({}, `${path}: ${reason}; the configuration before it stays in use`);
			unreadable = reason;
			return undefined;
		}
	};
	const onChange = async (): Promise<void> => {
		const now = await read();
		// An empty file is a write in progress. Loading it would select the stub backend.
		if (now === undefined || now === known || now.trim() === "") return;
		known = now;
		await reload().catch((cause: unknown) => {
			const faults = cause instanceof ConfigError ? { faults: cause.faults.map(faultLine) } : { err: cause };
			logger.error(faults, `${path} is refused, the configuration before it stays in use`);
		});
	};
	return watchFile(path, () => void onChange());
}

function isAbsent(thrown: unknown): boolean {
	return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

/**
 * Calls `changed` after a file may have changed. Watches the directory of the file and of the file that it links to, because editors and
 * configuration maps replace the file. Does not keep the process alive.
 */
function watchFile(path: string, changed: () => void): () => void {
	let timer: NodeJS.Timeout | undefined;
	const files = [...new Set([resolve(path), realpathSync(path)])];
	const watchers = files.map((each): FSWatcher => {
		const name = basename(each);
		const watcher = watch(dirname(each), { persistent: false }, (_event, file) => {
			// Mounted configuration is replaced by renaming a directory whose name begins with dots.
			if (file !== null && file !== name && !file.startsWith("..")) return;
			clearTimeout(timer);
			timer = setTimeout(changed, QUIET_MS);
			timer.unref();
		});
		return watcher.on("error", () => watcher.close());
	});
	return () => {
		clearTimeout(timer);
		for (const watcher of watchers) watcher.close();
	};
}
