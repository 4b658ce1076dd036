/** Models of the tests of the kind `local`: stand-ins, and the real ones where they are installed. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Backend } from "../../../../src/backends/backend.ts";
import { localKind } from "../../../../src/backends/kinds/local/index.ts";
import type { ModelFiles } from "../../../../src/backends/protocols/local/model-files.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { scratch } from "../../../helpers/guest.ts";
import { standInSynthesizer } from "./tts/stand-in-synthesizer.ts";

/** Files without any model. */
export const NO_FILES: ModelFiles = {
	filesOf: (name) => Promise.reject(new SpearError("backend_error", `the model ${name} is not on this machine; run the command`)),
};

/** Returns files with a stand-in for the synthesizer. */
export async function standInFiles(): Promise<ModelFiles> {
	const flite = join(scratch(), "flite.wasm");
	writeFileSync(flite, await standInSynthesizer());
	return { filesOf: async (name) => (name === "flite" ? new Map([["flite.wasm", flite]]) : NO_FILES.filesOf(name)) };
}

/** Returns an instance of the kind over files. */
export function localInstance(files: ModelFiles, options: Readonly<Record<string, unknown>> = {}): Backend {
	return localKind(() => files).create({ name: "here", kind: "local", models: [], options });
}

/** Returns the functions of an operation that the instance serves. */
export function served<T>(operation: T | undefined): T {
	assert(operation !== undefined, "the instance does not serve the operation");
	return operation;
}
