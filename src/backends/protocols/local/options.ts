/** Implementation of speech recognition: the native package, the one in WebAssembly, or the native one where it loads. */
export const SPEECH_ENGINES = ["auto", "native", "wasm"] as const;

/** Options of an instance, read and checked. */
export interface LocalOptions {
	/** Absolute path of the folder with the models. `undefined` for that of the model store. */
	readonly modelsDir: string | undefined;
	readonly engine: (typeof SPEECH_ENGINES)[number];
	/** Threads of an engine that can use several. */
	readonly threads: number;
	/** Time without a request after which an engine is unloaded, in milliseconds. 0: never. */
	readonly idleMs: number;
	/** Most requests that wait for one engine. */
	readonly maxPending: number;
	/** Model of a chat backend that writes the answers of spoken conversations. Absent: the router's choice. */
	readonly chatModel?: string | undefined;
}
