/** `spear-codegen watch [dir…]`: a run at each change. */
import { type FSWatcher, readdirSync, type Stats, statSync, watch as watchFiles } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { CodegenFailure } from "../failure.ts";
import { shown } from "../shown-path.ts";
import { type Context, type Done, EXIT } from "./context.ts";
import { type GenerateFlags, generate, generateOptions } from "./generate.ts";
import { readSettings } from "./settings.ts";

/** Changes within this time are one burst. Editors write a file in several steps. */
const BURST_MS = 60;

export function watchCommand(program: Command, context: Context, done: Done): Command {
	return generateOptions(program.command("watch").description("generate, and again at each change, until Ctrl-C")).action(
		async (dirs: string[], flags: GenerateFlags) => done(await watch(context, dirs, flags)),
	);
}

/** Runs until `context.signal` is aborted, and returns the exit code of that. A failed run is reported, and the next change is waited for. */
export async function watch(context: Context, dirs: readonly string[], flags: GenerateFlags): Promise<number> {
	const changes = new Changes();
	const watched = new Map<string, Watched>();
	let places: Places | undefined;
	try {
		for (let isFirst = true; context.signal?.aborted !== true; isFirst = false) {
			try {
				const now = placesOf(context, dirs, flags);
				// A configuration with faults names no directories: those of before are followed on.
				places = now.out === undefined && places !== undefined ? { ...places, config: now.config } : now;
				// Before the run: a change during it is part of the next.
				follow(places, watched, changes);
				await generate(context, dirs, flags, "write");
			} catch (cause) {
				// Wrong usage ends the first run. Later, a configuration may be gone for a while.
				if (isFirst || !(cause instanceof CodegenFailure)) throw cause;
				context.stderr(`spear-codegen: ${cause.message}\n`);
			}
			context.stderr("waiting for changes; Ctrl-C ends\n");
			const changed = await changes.next(context.signal);
			if (changed.length > 0) context.stderr(`changed: ${changed.map((file) => shown(context.cwd, file)).join(", ")}\n`);
		}
		return EXIT.interrupted;
	} finally {
		for (const { watcher } of watched.values()) watcher.close();
	}
}

interface Places {
	readonly directories: readonly string[];
	readonly config: string;
	/** Absent if the configuration has faults. */
	readonly out?: string;
}

/** Directories of WIT, and that of the configuration. Never the output: a run does not cause the next. */
function placesOf(context: Context, dirs: readonly string[], flags: GenerateFlags): Places {
	const { settings } = readSettings(context.cwd, dirs, flags);
	const config = settings?.config ?? path.resolve(context.cwd, flags.config ?? "spear-codegen.json");
	return { directories: settings?.wit ?? [], config, ...(settings === undefined ? {} : { out: settings.out }) };
}

/** A watched directory. The inode differs if another directory has taken its place. */
interface Watched {
	readonly watcher: FSWatcher;
	readonly inode: number;
}

/**
 * Watches each directory by itself. A recursive watcher of Node on Linux watches files instead, and loses a file that an editor replaces when it
 * saves.
 */
function follow({ directories, config, out }: Places, watched: Map<string, Watched>, changes: Changes): void {
	for (const [place, { watcher, inode }] of watched) {
		if (infoOf(place)?.ino === inode) continue;
		watcher.close();
		watched.delete(place);
	}
	const isInside = (file: string, directory: string): boolean => file === directory || file.startsWith(directory + path.sep);
	const isOutput = (file: string): boolean => out !== undefined && isInside(file, out);
	/** True for a directory that is there, or was. */
	const isDirectory = (file: string): boolean => watched.has(file) || infoOf(file)?.isDirectory() === true;
	const isWit = (file: string): boolean =>
		directories.some((directory) => isInside(file, directory)) && (file.endsWith(".wit") || isDirectory(file));
	// A directory that is replaced by another of its name is seen from above.
	const around = [config, ...directories].map((each) => path.dirname(each));
	for (const place of new Set([...around, ...directories.flatMap(directoriesIn)])) {
		const inode = infoOf(place)?.ino;
		if (inode === undefined || watched.has(place) || isOutput(place)) continue;
		try {
			const watcher = watchFiles(place, (_, name) => {
				const file = path.join(place, String(name ?? ""));
				if ((file === config || isWit(file)) && !isOutput(file)) changes.add(file);
			});
			// A directory that goes away is found again by a later run.
			watcher.on("error", () => watcher.close());
			watched.set(place, { watcher, inode });
		} catch {
			// A directory that has just gone away is watched once a run has found it again.
		}
	}
}

/** A directory, and all directories in it at any depth. None if it is not there. What cannot be read is for the run to report. */
function directoriesIn(directory: string): string[] {
	if (infoOf(directory)?.isDirectory() !== true) return [];
	try {
		const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
		return [directory, ...entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(entry.parentPath, entry.name))];
	} catch {
		return [directory];
	}
}

function infoOf(file: string): Stats | undefined {
	return statSync(file, { throwIfNoEntry: false });
}

/** Files that have changed, gathered into bursts. */
class Changes {
	readonly #files = new Set<string>();
	#wake = (): void => {};

	add(file: string): void {
		this.#files.add(file);
		this.#wake();
	}

	/** The files of the next burst, in the order of their names; none if the signal is aborted first. */
	async next(signal: AbortSignal | undefined): Promise<string[]> {
		while (this.#files.size === 0) {
			if (signal?.aborted) return [];
			await this.#woken(signal);
		}
		for (let before = -1; before !== this.#files.size; ) {
			before = this.#files.size;
			await new Promise((resolve) => setTimeout(resolve, BURST_MS));
		}
		const files = [...this.#files].sort();
		this.#files.clear();
		return files;
	}

	#woken(signal: AbortSignal | undefined): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#wake = resolve;
		signal?.addEventListener("abort", () => resolve(), { once: true });
		return promise;
	}
}
