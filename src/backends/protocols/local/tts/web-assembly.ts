/** A compiled module. Only the engine looks inside. */
export interface WebAssemblyModule {
	readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

/** Function that a module imports. Integers of 64 bits are bigints. */
export type ImportedFunction = (...values: never[]) => number;

interface WebAssemblyApi {
	compile(bytes: Uint8Array): Promise<WebAssemblyModule>;
	instantiate(
		module: WebAssemblyModule,
		imports: Readonly<Record<string, Readonly<Record<string, ImportedFunction>>>>,
	): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
}

/** The part of the WebAssembly API that the engine uses. TypeScript declares the API in the browser's library only. */
export const webAssembly: WebAssemblyApi = Reflect.get(globalThis, "WebAssembly");

/** Returns the buffer of an exported memory. A memory that grows has another buffer, so ask for it each time. */
export function bufferOf(memory: unknown): ArrayBuffer {
	const buffer: unknown = typeof memory === "object" && memory !== null ? Reflect.get(memory, "buffer") : undefined;
	if (buffer instanceof ArrayBuffer) return buffer;
	throw new Error("the program has no memory");
}
