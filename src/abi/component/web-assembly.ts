/** A compiled core module. */
export interface CoreModule {
	readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

/** An instance of a core module. */
export interface CoreInstance {
	readonly exports: Readonly<Record<string, unknown>>;
}

export type CoreImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WebAssemblyApi {
	compile(bytes: Uint8Array): Promise<CoreModule>;
	instantiate(module: CoreModule, imports?: CoreImports): Promise<CoreInstance>;
	readonly RuntimeError: new (message?: string) => Error;
}

/** The part of the WebAssembly API that the host uses. TypeScript declares the API in the browser's library only. */
export const webAssembly: WebAssemblyApi = Reflect.get(globalThis, "WebAssembly");
