/** The public entry of the WIT reader: a directory (or one file) of WIT in, the model or the faults out. */
import { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { checkDocs } from "./check-docs.ts";
import { loadSources, type SourceGroup } from "./load.ts";
import type { FileGroup } from "./package-units.ts";
import { parseFile } from "./parse.ts";
import { resolveModel } from "./resolve.ts";
import { SourceFile } from "./source-file.ts";

export interface ReadOptions {
	/** Features whose `@unstable` items are kept. None by default. */
	readonly features?: readonly string[] | "all";
	/** Prepended to the paths of files in spans and sources. None by default. */
	readonly prefix?: string;
}

export interface ReadOutcome {
	/** Present when there are no errors; there may be warnings. */
	readonly model?: Model;
	/** In the order of file and place. */
	readonly diagnostics: readonly Diagnostic[];
	/** Text of every file read, by the path that spans carry: what code frames are cut from. */
	readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads a WIT package with its `deps/`. The outcome depends on the files only, never on the order in which the file
 * system lists them. Faults in WIT are diagnostics; what is thrown is a failure of the file system.
 *
 * @param path a directory of `.wit` files, or a single `.wit` file that holds all it needs
 */
export async function readWit(path: string, options: ReadOptions = {}): Promise<ReadOutcome> {
	const diagnostics = new DiagnosticCollector();
	const loaded = await loadSources(path, diagnostics, options.prefix);
	return readGroups(loaded, options, diagnostics);
}

/** Reads WIT that is in memory already, as one file called `path`. */
export function readWitText(text: string, options: ReadOptions & { readonly path?: string } = {}): ReadOutcome {
	const path = options.path ?? "input.wit";
	return readGroups([{ main: true, label: `\`${path}\``, files: [new SourceFile(path, text)] }], options);
}

function readGroups(groups: readonly SourceGroup[], options: ReadOptions, diagnostics = new DiagnosticCollector()): ReadOutcome {
	const parsed: FileGroup[] = groups.map((group) => ({
		...group,
		files: group.files.map((file) => parseFile(file, diagnostics)),
	}));
	const files = parsed.flatMap((group) => group.files);
	for (const file of parsed.filter((group) => group.main).flatMap((group) => group.files)) {
		if (file.sound) {
			checkDocs(file, diagnostics);
		}
	}
	const complete = files.every((file) => file.tree !== undefined);
	const model = complete ? resolveModel(parsed, options.features ?? [], diagnostics) : undefined;
	return {
		...(model === undefined || diagnostics.hasErrors ? {} : { model }),
		diagnostics: diagnostics.list(),
		sources: new Map(files.map((file) => [file.source.path, file.source.text])),
	};
}
