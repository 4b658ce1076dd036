import { stat } from "node:fs/promises";
import { watchFile } from "../host/file-watcher.ts";

/**
 * Waits until one of `files` changes. A file that is absent may appear.
 *
 * @param signal Ends the wait.
 * @returns True for a change, false if `signal` was aborted.
 */
export async function sourcesChanged(files: readonly string[], signal: AbortSignal): Promise<boolean> {
	if (signal.aborted) return false;
	const before = await fingerprint(files);
	return new Promise((resolve) => {
		const stops: (() => void)[] = [];
		// The watchers do not keep the process alive.
		const alive = setInterval(() => {}, 1 << 30);
		const end = (changed: boolean): void => {
			clearInterval(alive);
			for (const stop of stops) stop();
			signal.removeEventListener("abort", aborted);
			resolve(changed);
		};
		const aborted = (): void => end(false);
		const check = (): void => {
			void fingerprint(files).then((after) => after !== before && end(true));
		};
		signal.addEventListener("abort", aborted);
		// Without notifications, the watcher's own checks find the change.
		for (const file of files) stops.push(watchFile(file, check, () => {}));
		// A file may have changed since the first look.
		check();
	});
}

async function fingerprint(files: readonly string[]): Promise<string> {
	const states = files.map((file) =>
		stat(file).then(
			({ mtimeMs, size }) => `${mtimeMs}/${size}`,
			() => "absent",
		),
	);
	return (await Promise.all(states)).join();
}
