import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileFault } from "../errors/file-fault.ts";
import { isAbsent } from "../errors/is-absent.ts";
import { hashFile } from "../paths/hash-file.ts";
import { defaultModelDirectory } from "./default-directory.ts";
import { MANIFEST } from "./manifest.ts";
import type { Model, ModelFile } from "./model.ts";
import { ModelMissingError, unknownModel } from "./model-errors.ts";
import type { Manifest } from "./parse-manifest.ts";

/** State of a model on this machine. `reason` completes the sentence "the model … ", and names no folder, because errors of requests hold the reason. */
export type ModelStatus =
	| { readonly state: "missing"; readonly reason: string }
	| { readonly state: "whole" }
	| { readonly state: "broken"; readonly reason: string };

/** File of a model, and the digest that its content must have. */
export interface FileCheck {
	readonly model: string;
	/** Absolute path. */
	readonly path: string;
	/** SHA-256, in lower-case hexadecimal. */
	readonly sha256: string;
}

/**
 * The models on this machine: one folder a model, in one directory. A folder is put in its place when it is whole.
 *
 *     const store = new ModelStore();
 *     const files = await store.filesOf("silero-vad"); // throws with the command to run if the model is not there
 *     const path = files.get("silero_vad.onnx");
 */
export class ModelStore {
	readonly directory: string;
	readonly #manifest: Manifest;

	/**
	 * @param directory The default is `SPEAR_MODELS`, or `models` in the user's cache.
	 * @param manifest The default is that of this package.
	 */
	constructor(directory: string = defaultModelDirectory(), manifest: Manifest = MANIFEST) {
		this.directory = directory;
		this.#manifest = manifest;
	}

	/** Every model of the manifest, in its order. */
	models(): readonly Model[] {
		return this.#manifest.models;
	}

	/** The models of the default set: what a host without a provider runs on. */
	defaultModels(): readonly Model[] {
		return this.models().filter((model) => model.default);
	}

	/** Returns a model of the manifest. @throws SpearError `invalid_request` for an unknown name. */
	model(name: string): Model {
		const models = this.models();
		const found = models.find((candidate) => candidate.name === name);
		if (found !== undefined) return found;
		throw unknownModel(
			name,
			models.map((known) => known.name),
		);
	}

	/** Returns the folder of a model, which may be absent. */
	folderOf(name: string): string {
		return join(this.directory, this.model(name).name);
	}

	/** Returns the state of a model by the sizes of its files. Reads no content. */
	status(name: string): Promise<ModelStatus> {
		return this.#check(name, sizeFault);
	}

	/** Returns the state of a model by the digests of its files. Reads each file. */
	verify(name: string, signal?: AbortSignal): Promise<ModelStatus> {
		return this.#check(name, async (path, file) => {
			// A pipe or a device in the place of a file has no end.
			const fault = await sizeFault(path, file);
			if (fault !== undefined) return fault;
			return (await hashFile(path, "sha256", signal)) === file.sha256 ? undefined : "has another content";
		});
	}

	/**
	 * Returns the paths of a model's files, by name.
	 *
	 * @throws ModelMissingError for a model that is not there, or whose files have other sizes.
	 */
	async filesOf(name: string): Promise<ReadonlyMap<string, string>> {
		const folder = this.folderOf(name);
		const status = await this.status(name);
		if (status.state !== "whole") throw new ModelMissingError(name, status.reason);
		return new Map(this.model(name).files.map((file) => [file.name, join(folder, file.name)]));
	}

	/** Returns the paths of a model's files with the digests that the manifest has. Reads nothing. */
	checksOf(name: string): readonly FileCheck[] {
		const folder = this.folderOf(name);
		return this.model(name).files.map((file) => ({ model: name, path: join(folder, file.name), sha256: file.sha256 }));
	}

	/** @param faultOf Returns what is wrong with a file, or `undefined`. */
	async #check(name: string, faultOf: (path: string, file: ModelFile) => Promise<string | undefined>): Promise<ModelStatus> {
		const folder = this.folderOf(name);
		const info = await stat(folder).catch((thrown: unknown) => ({ fault: fileFault(thrown), absent: isAbsent(thrown) }));
		if ("fault" in info)
			return info.absent
				? { state: "missing", reason: "is not on this machine" }
				: { state: "broken", reason: `cannot be read: ${info.fault}` };
		for (const file of this.model(name).files) {
			const fault = await faultOf(join(folder, file.name), file).catch((thrown: unknown) => unreadable(thrown));
			if (fault !== undefined) return { state: "broken", reason: `is broken: ${file.name} ${fault}` };
		}
		return { state: "whole" };
	}
}

async function sizeFault(path: string, file: ModelFile): Promise<string | undefined> {
	const info = await stat(path);
	if (!info.isFile()) return "is no file";
	return info.size === file.bytes ? undefined : `has ${info.size} bytes instead of ${file.bytes}`;
}

/** @throws The value itself, unless a file cannot be read. */
function unreadable(thrown: unknown): string {
	if (!(thrown instanceof Error && "syscall" in thrown)) throw thrown;
	return `cannot be read: ${fileFault(thrown)}`;
}
