import { abortError, SpearError } from "../../../errors/spear-error.ts";
import { assertUnchanged, type CheckedFile } from "../../kit/engine/checked-file.ts";
import type { PackageSource } from "../../kit/optional-package.ts";
import type { Library, Llama, Model } from "./library.ts";
import { loadLibrary } from "./load-library.ts";
import { LoadedModel } from "./loaded-model.ts";
import { type ModelFile, requireModelFile, unloadableFile } from "./model-file.ts";
import type { LlamaCppOptions } from "./options.ts";

/** The library and what it was started with. */
export interface Runtime {
	readonly library: Library;
	readonly llama: Llama;
}

/** Models of an instance. The library and each model are loaded by the first request that needs them, and stay until the instance closes. */
export class Engine {
	readonly #options: LlamaCppOptions;
	readonly #source: PackageSource;
	readonly #checksOf: (path: string) => readonly CheckedFile[];
	readonly #closing = new AbortController();
	readonly #models: ReadonlyMap<string, LoadedModel>;
	#runtime: Promise<Runtime> | undefined;

	/** @param checksOf Returns the digest that a file must have. The default is none: the operator's files have no known digest. */
	constructor(options: LlamaCppOptions, source: PackageSource, checksOf: (path: string) => readonly CheckedFile[] = () => []) {
		this.#checksOf = checksOf;
		this.#options = options;
		this.#source = source;
		this.#models = new Map([...options.files].map(([name, path]) => [name, new LoadedModel(this, { name, path }, options)]));
	}

	/** Aborted when the instance closes. */
	get closing(): AbortSignal {
		return this.#closing.signal;
	}

	/** Names of the models, and whether they are loaded. */
	get loaded(): { readonly name: string; readonly isLoaded: boolean }[] {
		return [...this.#models].map(([name, { isLoaded }]) => ({ name, isLoaded }));
	}

	/** Returns a model by the upstream's name. */
	model(name: string): LoadedModel {
		const model = this.#models.get(name);
		if (model !== undefined) return model;
		throw new SpearError("invalid_request", `model: this backend has no file for it; it has ${[...this.#models.keys()].join(", ")}`);
	}

	/** Returns the library. A failed start is repeated by the next request. */
	runtime(): Promise<Runtime> {
		this.#runtime ??= this.#start().catch((thrown) => {
			this.#runtime = undefined;
			throw thrown;
		});
		return this.#runtime;
	}

	/**
	 * Loads a model's file.
	 *
	 * @throws SpearError `backend_error` for a file that cannot be used.
	 */
	async load(file: ModelFile): Promise<Model> {
		try {
			await assertUnchanged(this.#checksOf(file.path), this.closing);
		} catch (thrown) {
			throw this.closing.aborted ? abortError(this.closing) : thrown;
		}
		return this.#load(file, { loadSignal: this.closing });
	}

	/**
	 * Reads the vocabulary of each model that is not loaded yet, and releases it. The library compares the size of the file with that of the
	 * weights, and does not read these.
	 *
	 * @throws SpearError `backend_error` for the first file that cannot be used; the signal's error once that is aborted.
	 */
	async checkFiles(signal: AbortSignal): Promise<void> {
		const loadSignal = AbortSignal.any([signal, this.closing]);
		for (const [name, path] of this.#options.files) {
			if (this.model(name).isLoaded) continue;
			await requireModelFile({ name, path });
			const model = await this.#load({ name, path }, { loadSignal, vocabOnly: true });
			await model.dispose();
		}
	}

	/** Aborts every request with `reason`, and releases the models once the evaluations have ended. */
	async close(reason: SpearError): Promise<void> {
		this.#closing.abort(reason);
		await Promise.all([...this.#models.values()].map(({ queue }) => queue.idle));
		const runtime = this.#runtime;
		this.#runtime = undefined;
		await (await runtime?.catch(() => undefined))?.llama.dispose();
	}

	async #load(file: ModelFile, options: { readonly loadSignal: AbortSignal; readonly vocabOnly?: boolean }): Promise<Model> {
		const { llama } = await this.runtime();
		try {
			return await llama.loadModel({ modelPath: file.path, ...options });
		} catch (cause) {
			if (options.loadSignal.aborted) throw abortError(options.loadSignal);
			await requireModelFile(file);
			throw unloadableFile(file, cause);
		}
	}

	async #start(): Promise<Runtime> {
		const library = await loadLibrary(this.#source);
		// The library logs to the console of the process otherwise. Its errors reach the host's log as the causes of failures.
		const quiet = { logger: () => {}, logLevel: "error" } as const;
		const llama = await library.getLlama({ gpu: this.#options.gpu, build: "never", skipDownload: true, ...quiet });
		return { library, llama };
	}
}
