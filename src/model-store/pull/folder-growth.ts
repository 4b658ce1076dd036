import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Time between two looks at the folder, in milliseconds. */
const INTERVAL_MS = 250;

/**
 * Reports the size of the files in a folder, until `stop` is called. The folder belongs to one download alone, so that its size is the
 * number of bytes that have arrived.
 */
export function watchGrowth(folder: string, onBytes: (bytes: number) => void): { stop(): void } {
	let stopped = false;
	let timer: NodeJS.Timeout | undefined;
	const look = async (): Promise<void> => {
		const bytes = await sizeOf(folder);
		if (stopped) return;
		onBytes(bytes);
		timer = setTimeout(look, INTERVAL_MS);
	};
	timer = setTimeout(look, INTERVAL_MS);
	return {
		stop() {
			stopped = true;
			clearTimeout(timer);
		},
	};
}

/** Returns the size of all files in a folder, in bytes. Files that vanish meanwhile count nothing. */
export async function sizeOf(folder: string): Promise<number> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	let bytes = 0;
	for (const entry of entries)
		if (entry.isFile())
			bytes += await lstat(join(entry.parentPath, entry.name)).then(
				({ size }) => size,
				() => 0,
			);
	return bytes;
}
