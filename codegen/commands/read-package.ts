/** Reading of a package for a command, with paths as people see them. */
import { stat } from "node:fs/promises";
import * as path from "node:path";
import { type Diagnostic, movedDiagnostic } from "../diagnostics/diagnostic.ts";
import { CodegenFailure } from "../failure.ts";
import type { Model, Span } from "../model/model.ts";
import { shown } from "../shown-path.ts";
import { readWit } from "../wit/read.ts";
import { isErrno } from "../write/disk.ts";
import { EXIT } from "./context.ts";

export interface PackageReading {
	/** Present when there are no errors. */
	readonly model?: Model;
	readonly diagnostics: readonly Diagnostic[];
	readonly sources: ReadonlyMap<string, string>;
	/** The WIT files as read: path relative to the WIT directory → text. */
	readonly witFiles: ReadonlyMap<string, string>;
	/** The same diagnostic with the paths that the command shows. */
	place(found: Diagnostic): Diagnostic;
}

/**
 * @param dir absolute path of a directory of WIT, or of a WIT file
 * @throws CodegenFailure with exit code 2 when it cannot be read
 */
export async function readPackage(dir: string, cwd: string): Promise<PackageReading> {
	const label = shown(cwd, dir);
	try {
		const base = (await stat(dir)).isDirectory() ? dir : path.dirname(dir);
		const move = (span: Span): Span => ({ ...span, file: shown(cwd, path.join(base, span.file)) });
		const place = (each: Diagnostic): Diagnostic => movedDiagnostic(each, move);
		const { model, diagnostics, sources } = await readWit(dir);
		return {
			...(model === undefined ? {} : { model }),
			diagnostics: diagnostics.map(place),
			sources: new Map([...sources].map(([file, text]) => [shown(cwd, path.join(base, file)), text])),
			witFiles: sources,
			place,
		};
	} catch (cause) {
		if (!isErrno(cause, "ENOENT", "EACCES", "ENOTDIR", "EISDIR", "ELOOP")) throw cause;
		throw new CodegenFailure(`cannot read WIT from ${label}: ${cause.code === "ENOENT" ? "it does not exist" : cause.message}`, {
			cause,
			exitCode: EXIT.usage,
		});
	}
}
