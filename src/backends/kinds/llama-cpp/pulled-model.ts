import { type FileCheck, ModelStore } from "../../../model-store/model-store.ts";

/** Language model of the model store, which a host without configured backends serves. */
const MODEL = "smollm2-135m-instruct";

/** A model of the store: its name, and the path of its weights. */
export interface PulledModel {
	readonly name: string;
	readonly path: string;
}

/** Returns the language model of the model store, or `undefined` if it is not on this machine. Reads sizes of files only. */
export async function pulledModel(): Promise<PulledModel | undefined> {
	try {
		const files = await new ModelStore().filesOf(MODEL);
		const path = [...files.values()].find((file) => file.endsWith(".gguf"));
		return path === undefined ? undefined : { name: MODEL, path };
	} catch {
		return undefined;
	}
}

/** Returns the digest of a file if that is the pulled model. Empty for a file of the operator's. */
export function pulledChecks(path: string): readonly FileCheck[] {
	try {
		return new ModelStore().checksOf(MODEL).filter((check) => check.path === path);
	} catch {
		return [];
	}
}
