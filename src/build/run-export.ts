import { readFileSync } from "node:fs";
import { SpearError } from "../errors/spear-error.ts";

const ADVICE = 'write `export const run = agent((input) => …)` with agent from "spear-hostcall/guest"';

/** Text before the type of a `run` that is no function. The module that the build writes throws it, and the engine passes it on. */
export const NO_FUNCTION = "spear: run is no function but ";

/** Returns the error for a guest without an export `run`. */
export function missingRun(entry: string, cause?: unknown): SpearError {
	const place = declarationOf(entry, /\b(?:const|let|var|function)\s+run\b/);
	const hint = place === undefined ? "" : `; line ${place.line} declares one without \`export\``;
	return new SpearError("invalid_request", `${entry}${place === undefined ? "" : place.suffix} exports no \`run\`${hint}; ${ADVICE}`, {
		cause,
	});
}

/** Returns the error for a `run` that is no function, if the engine's message says so. */
export function wrongRun(entry: string, message: string): SpearError | undefined {
	const start = message.indexOf(NO_FUNCTION);
	if (start < 0) return undefined;
	const type = /^\w+/.exec(message.slice(start + NO_FUNCTION.length))?.[0] ?? "object";
	if (type === "undefined") return missingRun(entry);
	const place = declarationOf(entry, /\bexport\s+(?:const|let|var)\s+run\b/) ?? declarationOf(entry, /\brun\b/);
	return new SpearError("invalid_request", `${entry}${place?.suffix ?? ""}: \`run\` must be a function, and is of type ${type}; ${ADVICE}`);
}

/** Returns the place of the first match in the entry file, for readers. */
function declarationOf(entry: string, pattern: RegExp): { readonly line: number; readonly suffix: string } | undefined {
	let lines: string[];
	try {
		lines = readFileSync(entry, "utf8").split("\n");
	} catch {
		return undefined;
	}
	for (const [index, text] of lines.entries()) {
		const found = pattern.exec(text);
		if (found === null) continue;
		const column = found.index + found[0].length - "run".length + 1;
		return { line: index + 1, suffix: `:${index + 1}:${column}` };
	}
	return undefined;
}
