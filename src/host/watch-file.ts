import { type FSWatcher, realpathSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** How long a file must be left alone before it is read, in milliseconds: editors write in several steps. */
const QUIET_MS = 100;

/**
 * Calls `changed` some time after a file may have changed. Its directory is watched, not the file, and that of the file it links to: editors and
 * configuration maps put a new file in its place. Does not keep the process alive.
 *
 * @returns What ends it.
 */
export function watchFile(path: string, changed: () => void): () => void {
	let timer: NodeJS.Timeout | undefined;
	const files = [...new Set([resolve(path), realpathSync(path)])];
	const watchers = files.map((each): FSWatcher => {
		const name = basename(each);
		const watcher = watch(dirname(each), { persistent: false }, (_event, file) => {
			// A name with dots in front is how mounted configuration is swapped.
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
