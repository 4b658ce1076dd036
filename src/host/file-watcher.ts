import { type FSWatcher, realpathSync, statSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** Time without a change before `changed` is called, in milliseconds: editors write in several steps. */
const QUIET_MS = 100;

/** Time between two checks without a notification, in milliseconds. Network file systems and replaced directories send none. */
const CHECK_MS = 10_000;

/**
 * Calls `changed` after a file may have changed, and every ten seconds. Watches the directory of the file and of the file that it links
 * to, because editors and configuration maps replace the file. Watches the files of a directory too, if the path leads to one. The file may be absent.
 * Does not keep the process alive.
 *
 * @param onFailure Receives the reason for which the system does not notify.
 * @returns Stops the watching.
 */
export function watchFile(path: string, changed: () => void, onFailure: (cause: unknown) => void, watchDirectory = watch): () => void {
	let timer: NodeJS.Timeout | undefined;
	const watchers: FSWatcher[] = [];
	const add = (directory: string, concerns: (changedName: string) => boolean): void => {
		const watcher = watchDirectory(directory, { persistent: false }, (_event, changedName) => {
			if (changedName !== null && !concerns(changedName)) return;
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
	};
	try {
		for (const file of new Set([resolve(path), realPath(path)])) {
			const name = basename(file);
			// Mounted configuration is replaced by renaming a directory whose name begins with dots.
			add(dirname(file), (changedName) => changedName === name || changedName.startsWith(".."));
			if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) add(file, () => true);
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

/** Returns the path without links, or the same path for an absent file. */
function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return resolve(path);
	}
}
