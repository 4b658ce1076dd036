import { rm } from "node:fs/promises";
import { join } from "node:path";

/** Places of a pull, in a folder beside the models. Names of models do not begin with a point. */
export interface WorkFolder {
	readonly folder: string;
	/** File of the lock. */
	readonly lock: string;
	/** Packages that arrived and were checked. An interrupted pull leaves them for the next one. */
	readonly packages: string;
	/** Files that are not whole yet. */
	readonly unfinished: string;
}

/** Returns the places of a model's pull. */
export function workOf(directory: string, model: string): WorkFolder {
	const folder = join(directory, ".pull", model);
	return { folder, lock: join(folder, "lock"), packages: join(folder, "packages"), unfinished: join(folder, "unfinished") };
}

/** Removes what an interrupted pull could not remove, such as one that was killed. The caller holds the lock. */
export async function removeLeftovers({ unfinished }: WorkFolder): Promise<void> {
	await rm(unfinished, { recursive: true, force: true, maxRetries: 3 });
}
