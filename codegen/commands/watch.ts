/** `spear-codegen watch [dir…]`: a run at each change. */
import { type FSWatcher, watch as watchFiles } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { shown } from "../shown-path.ts";
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
	const watchers = new Map<string, FSWatcher>();
	try {
		while (context.signal?.aborted !== true) {
			await generate(context, dirs, flags, "write");
			follow(placesOf(context, dirs, flags), watchers, changes);
			context.stderr("waiting for changes; Ctrl-C ends\n");
			const changed = await changes.next(context.signal);
			if (changed.length > 0) context.stderr(`changed: ${changed.map((file) => shown(context.cwd, file)).join(", ")}\n`);
		}
		return EXIT.clean;
	} finally {
		for (const watcher of watchers.values()) watcher.close();
	}
}

/** Directories of WIT, and that of the configuration. Never the output: a run does not cause the next. */
function placesOf(
	context: Context,
	dirs: readonly string[],
	flags: GenerateFlags,
): { readonly directories: readonly string[]; readonly config: string; readonly out?: string } {
	const { settings } = readSettings(context.cwd, dirs, flags);
	const config = settings?.config ?? path.resolve(context.cwd, flags.config ?? "spear-codegen.json");
	return { directories: settings?.wit ?? [], config, ...(settings === undefined ? {} : { out: settings.out }) };
}

function follow({ directories, config, out }: ReturnType<typeof placesOf>, watchers: Map<string, FSWatcher>, changes: Changes): void {
	const isOutput = (file: string): boolean => out !== undefined && (file === out || file.startsWith(out + path.sep));
	const add = (place: string, recursive: boolean, isOurs: (file: string) => boolean): void => {
		if (watchers.has(place)) return;
		try {
			const watcher = watchFiles(place, { recursive }, (_, name) => {
				const file = path.join(place, String(name ?? ""));
				if (isOurs(file) && !isOutput(file)) changes.add(file);
			});
			// A directory that goes away is found again by a later run.
			watcher.on("error", () => {
				watcher.close();
				watchers.delete(place);
			});
			watchers.set(place, watcher);
		} catch {
			// A place that is not there is watched once a run has found it.
		}
	};
	for (const directory of directories) add(directory, true, (file) => file.endsWith(".wit"));
	add(path.dirname(config), false, (file) => file === config);
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
