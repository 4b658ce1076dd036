import { type FSWatcher, realpathSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** Time without a change before `changed` is called, in milliseconds: editors write in several steps. */
const QUIET_MS = 100;

/** Time between two checks without a notification, in milliseconds. Network file systems and replaced directories send none. */
const CHECK_MS = 10_000;

/**
 * Calls `changed` after a file may have changed, and every ten seconds. Watches the directory of the file and of the file that it links
 * to, because editors and configuration maps replace the file. Does not keep the process alive.
 *
 * @param onFailure Receives the reason for which the system does not notify.
 * @returns Stops the watching.
 */
export function watchFile(path: string, changed: () => void, onFailure: (cause: unknown) => void, watchDirectory = watch): () => void {
	let timer: NodeJS.Timeout | undefined;
	const watchers: FSWatcher[] = [];
	try {
		for (const file of new Set([resolve(path), realpathSync(path)])) {
			const name = basename(file);
			const watcher = watchDirectory(dirname(file), { persistent: false }, (_event, changedName) => {
				// Mounted configuration is replaced by renaming a directory whose name begins with dots.
				if (changedName !== null && changedName !== name && !changedName.startsWith("..")) return;
				clearTimeout(timer);
				timer = setTimeout(changed, QUIET_MS);
				timer.unref();
			});
			watchers.push(
				watcher.on("error", (cause) => {
					watcher.close();
					onFailure(cause);
				}),
			);
		}
	} catch (cause) {
		onFailure(cause);
	}
	const checks = setInterval(changed, CHECK_MS);
	checks.unref();
	return () => {
		clearTimeout(timer);
		clearInterval(checks);
		for (const watcher of watchers) watcher.close();
	};
}
