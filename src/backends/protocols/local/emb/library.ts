/**
 * The part of `@energetic-ai/core`, a distribution of TensorFlow.js, that the engine uses, as types of its own: the package is optional, and the
 * project compiles without it.
 *
 * @see https://js.tensorflow.org/api/latest/
 */

export interface Tensor {
	data(): Promise<Float32Array | Int32Array | Uint8Array>;
	dispose(): void;
}

export interface GraphModel {
	executeAsync(inputs: { readonly indices: Tensor; readonly values: Tensor }): Promise<Tensor | Tensor[]>;
}

/** Exports of the package. */
export interface Library {
	/** Resolves once a backend is chosen. The modules of the backend in WebAssembly are files of the package. */
	ready(): Promise<void>;
	/** Loads a model. With a `file:` URL, from the folder that holds it. */
	loadGraphModel(url: string): Promise<GraphModel>;
	tensor1d(values: Int32Array, type: "int32"): Tensor;
	tensor2d(values: Int32Array, shape: readonly [number, number], type: "int32"): Tensor;
}

/** Returns the package's exports from its module, or `undefined` for a module without them. */
export function libraryOf(module: unknown): Library | undefined {
	if (isLibrary(module)) return module;
	const exported: unknown = typeof module === "object" && module !== null ? Reflect.get(module, "default") : undefined;
	return isLibrary(exported) ? exported : undefined;
}

function isLibrary(module: unknown): module is Library {
	return (
		typeof module === "object" &&
		module !== null &&
		["ready", "loadGraphModel", "tensor1d", "tensor2d"].every((name) => typeof Reflect.get(module, name) === "function")
	);
}
