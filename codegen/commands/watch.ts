/** `spear-codegen watch [dir…]`: a run at each change. */
import { type FSWatcher, watch as watchFiles } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { CodegenFailure } from "../failure.ts";
import { shown } from "../shown-path.ts";
import { statOf } from "../write/disk.ts";
import { type Context, type Done, EXIT } from "./context.ts";
import { type GenerateFlags, generate, generateOptions } from "./generate.ts";
import { readSettings } from "./settings.ts";

/** Changes within this time are one burst. Editors write a file in several steps. */
const BURST_MS = 60;

export function watchCommand(program: Command, context: Context, done: Done): Command {
	return generateOptions(
		program
			.command("watch")
			.description("generate, and again at each change, until Ctrl-C")
			.argument("[dir...]", "directories of WIT packages, each with its `deps/`"),
	).action(async (dirs: string[], flags: GenerateFlags) => done(await watch(context, dirs, flags)));
}

/** Runs until `context.signal` is aborted. A failed run is reported, and the next change is waited for. */
export async function watch(context: Context, dirs: readonly string[], flags: GenerateFlags): Promise<number> {
	const changes = new Changes();
	const watchers = new Watchers(changes);
	try {
		for (let isFirst = true; context.signal?.aborted !== true; isFirst = false) {
			try {
				await generate(context, dirs, flags, "write");
				watchers.follow(placesOf(context, dirs, flags));
			} catch (cause) {
				// Wrong usage ends the first run. Later, a configuration may be gone for a while.
				if (isFirst || !(cause instanceof CodegenFailure)) throw cause;
				context.stderr(`spear-codegen: ${cause.message}\n`);
			}
			context.stderr("waiting for changes; Ctrl-C ends\n");
			const changed = await changes.next(context.signal);
			if (changed.length > 0) context.stderr(`changed: ${changed.map((file) => shown(context.cwd, file)).join(", ")}\n`);
		}
		return EXIT.clean;
	} finally {
		watchers.close();
	}
}

interface Places {
	readonly directories: readonly string[];
	readonly config: string;
	readonly out?: string;
}

/** Directories of WIT, and that of the configuration. Never the output: a run does not cause the next. */
function placesOf(context: Context, dirs: readonly string[], flags: GenerateFlags): Places {
	const { settings } = readSettings(context.cwd, dirs, flags);
	const config = settings?.config ?? path.resolve(context.cwd, flags.config ?? "spear-codegen.json");
	return { directories: settings?.wit ?? [], config, ...(settings === undefined ? {} : { out: settings.out }) };
}

class Watchers {
	readonly #changes: Changes;
	readonly #open = new Map<string, { readonly watcher: FSWatcher; readonly inode: number | undefined }>();
	#directories: readonly string[] = [];
	#config = "";
	#out: string | undefined;

	constructor(changes: Changes) {
		this.#changes = changes;
	}

	follow({ directories, config, out }: Places): void {
		// A configuration with faults names no directories: those of before are followed on.
		if (out !== undefined) this.#directories = directories;
		this.#config = config;
		this.#out = out ?? this.#out;
		for (const directory of this.#directories) this.#watch(directory, true);
		// A directory that is replaced by another of its name is seen from above.
		for (const around of [config, ...this.#directories]) this.#watch(path.dirname(around), false);
	}

	close(): void {
		for (const { watcher } of this.#open.values()) watcher.close();
	}

	#watch(place: string, recursive: boolean): void {
		const key = `${recursive} ${place}`;
		const inode = statOf(place)?.ino;
		const known = this.#open.get(key);
		if (known !== undefined && known.inode === inode) return;
		known?.watcher.close();
		this.#open.delete(key);
		try {
			const watcher = watchFiles(place, { recursive }, (_, name) => {
				const file = path.join(place, String(name ?? ""));
				if (recursive ? this.#isWit(file) : file === this.#config || this.#directories.includes(file)) this.#changes.add(file);
			});
			watcher.on("error", () => {
				watcher.close();
				this.#open.delete(key);
			});
			this.#open.set(key, { watcher, inode });
		} catch {
			// A place that is not there is watched once a run has found it.
		}
	}

	#isWit(file: string): boolean {
		return file.endsWith(".wit") && (this.#out === undefined || !file.startsWith(this.#out + path.sep));
	}
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
