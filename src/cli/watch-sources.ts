import { stat } from "node:fs/promises";
import { watchFile } from "../host/file-watcher.ts";

/** State of source files by path: time of the last change and size, or `absent`. */
export type SourceStates = ReadonlyMap<string, string>;

/** Returns the state of files. */
export async function sourceStates(files: readonly string[]): Promise<SourceStates> {
	const states = files.map(
		async (file): Promise<[string, string]> => [
			file,
			await stat(file).then(
				({ mtimeMs, size }) => `${mtimeMs}/${size}`,
				() => "absent",
			),
		],
	);
	return new Map(await Promise.all(states));
}

/**
 * Waits until one of `files` changes, or returns at once if one has another state than before. A file that is absent may appear.
 *
 * @param before States before the files were read. For a file that is not there, the state at the call is taken.
 * @param signal Ends the wait.
 * @returns True for a change, false if `signal` was aborted.
 */
export async function sourcesChanged(files: readonly string[], before: SourceStates, signal: AbortSignal): Promise<boolean> {
	const known = new Map([...(await sourceStates(files)), ...[...before].filter(([file]) => files.includes(file))]);
	if (signal.aborted) return false;
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
			void sourceStates(files).then((now) => [...now].some(([file, state]) => known.get(file) !== state) && end(true));
		};
		signal.addEventListener("abort", aborted);
		// Without notifications, the watcher's own checks find the change.
		for (const file of files) stops.push(watchFile(file, check, () => {}));
		// A file may have changed before the watchers started.
		check();
	});
}
