import { stat } from "node:fs/promises";
import { watchFile } from "../host/file-watcher.ts";

/** Age of a change that file systems may hide, in milliseconds: they note times in steps. */
const CLOCK_STEP_MS = 10;

/**
 * Waits until one of `files` changes, or returns at once if one has changed since `since`. A file that is absent may appear.
 *
 * @param since Time in milliseconds since 1970.
 * @param signal Ends the wait.
 * @returns True for a change, false if `signal` was aborted.
 */
export async function sourcesChanged(files: readonly string[], since: number, signal: AbortSignal): Promise<boolean> {
	if (signal.aborted) return false;
	const before = await fingerprint(files);
	if (before.latest > since - CLOCK_STEP_MS) return true;
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
			void fingerprint(files).then((after) => after.text !== before.text && end(true));
		};
		signal.addEventListener("abort", aborted);
		// Without notifications, the watcher's own checks find the change.
		for (const file of files) stops.push(watchFile(file, check, () => {}));
		// A file may have changed before the watchers started.
		check();
	});
}

async function fingerprint(files: readonly string[]): Promise<{ readonly text: string; readonly latest: number }> {
	const states = await Promise.all(
		files.map((file) =>
			stat(file).then(
				({ mtimeMs, size }) => ({ text: `${mtimeMs}/${size}`, mtimeMs }),
				() => ({ text: "absent", mtimeMs: 0 }),
			),
		),
	);
	return { text: states.map(({ text }) => text).join(), latest: states.reduce((latest, { mtimeMs }) => Math.max(latest, mtimeMs), 0) };
}
