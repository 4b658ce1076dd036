/** A compiled core module. */
export interface CoreModule {
	readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

/** An instance of a core module. */
export interface CoreInstance {
	readonly exports: Readonly<Record<string, unknown>>;
}

/** A linear memory. */
export interface CoreMemory {
	readonly buffer: ArrayBuffer;
}

export interface CoreTable {
	/** Number of entries. */
	readonly length: number;
}

export type CoreImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type AnyFunction = (...args: never[]) => unknown;

interface WebAssemblyApi {
	compile(bytes: Uint8Array): Promise<CoreModule>;
	instantiate(module: CoreModule, imports?: CoreImports): Promise<CoreInstance>;
	/** Compiles a small module on this thread. */
	readonly Module: new (
		bytes: Uint8Array,
	) => CoreModule;
	/** Creates an instance on this thread. A module with start function runs it. */
	readonly Instance: new (
		module: CoreModule,
		imports?: CoreImports,
	) => CoreInstance;
	readonly Memory: new (descriptor: { readonly initial: number; readonly maximum?: number }) => CoreMemory;
	readonly Table: new (descriptor: { readonly initial: number; readonly element: "anyfunc" }) => CoreTable;
	readonly RuntimeError: new (message?: string) => Error;
	/** Class of the exceptions that guests throw. Not a subclass of `Error`. */
	readonly Exception: new (
		...args: never[]
	) => object;
	/** Makes a host function that suspends the calling guest until its promise is settled. */
	readonly Suspending: new (
		target: AnyFunction,
	) => AnyFunction;
	/** Makes an exported function of a guest return a promise, so that imports below it can suspend. */
	promising(exported: AnyFunction): (...args: never[]) => Promise<unknown>;
}

/** The part of the WebAssembly API that the host uses. TypeScript declares the API in the browser's library only. */
export const webAssembly: WebAssemblyApi = Reflect.get(globalThis, "WebAssembly");
