import { SpearError } from "../../../errors/spear-error.ts";
import type { Library, Llama, Model } from "./library.ts";
import { type LibrarySource, loadLibrary } from "./load-library.ts";
import { LoadedModel } from "./loaded-model.ts";
import type { LlamaCppOptions } from "./options.ts";

/** The library and what it was started with. */
export interface Runtime {
	readonly library: Library;
	readonly llama: Llama;
}

/** Models of an instance. The library and each model are loaded by the first request that needs them, and stay until the instance closes. */
export class Engine {
	readonly #options: LlamaCppOptions;
	readonly #source: LibrarySource;
	readonly #closing = new AbortController();
	readonly #models: ReadonlyMap<string, LoadedModel>;
	#runtime: Promise<Runtime> | undefined;

	constructor(options: LlamaCppOptions, source: LibrarySource) {
		this.#options = options;
		this.#source = source;
		this.#models = new Map([...options.files].map(([name, path]) => [name, new LoadedModel(this, path, options)]));
	}

	/** Aborted when the instance closes. */
	get closing(): AbortSignal {
		return this.#closing.signal;
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

	/** Loads a model's file. */
	async load(path: string): Promise<Model> {
		const { llama } = await this.runtime();
		return llama.loadModel({ modelPath: path, loadSignal: this.closing });
	}

	/** Aborts every request with `reason`, and releases the models once the evaluations have ended. */
	async close(reason: SpearError): Promise<void> {
		this.#closing.abort(reason);
		await Promise.all([...this.#models.values()].map(({ queue }) => queue.idle));
		const runtime = this.#runtime;
		this.#runtime = undefined;
		await (await runtime?.catch(() => undefined))?.llama.dispose();
	}

	async #start(): Promise<Runtime> {
		const library = await loadLibrary(this.#source);
		// The library logs to the console of the process otherwise. Its errors reach the host's log as the causes of failures.
		const quiet = { logger: () => {}, logLevel: "error" } as const;
		const llama = await library.getLlama({ gpu: this.#options.gpu, build: "never", skipDownload: true, ...quiet });
		return { library, llama };
	}
}
