import { throwIfAborted } from "../../async/throw-if-aborted.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { type ImportObject, missingImports } from "./import-object.ts";
import { ComponentInstance } from "./instance.ts";
import type { Manifest } from "./manifest.ts";
import { AllocationGuard, type LimitedModule } from "./memory-limit.ts";
import { isRecord } from "./toolchain.ts";
import type { LineSink } from "./wasi/line-buffer.ts";
import { createWasi } from "./wasi/wasi.ts";
import { type CoreImports, type CoreInstance, type CoreModule, webAssembly } from "./web-assembly.ts";

export interface InstantiateOptions {
	/** Takes the lines the guest writes to standard output; they are dropped when absent. */
	readonly stdout?: LineSink;
	/** Takes the lines the guest, or its language runtime, writes to standard error; they are dropped when absent. */
	readonly stderr?: LineSink;
	/** Ends the current run, and every later one, when it aborts. */
	readonly signal?: AbortSignal;
}

/** The transpiler's entry point. */
export type Instantiate = (
	getCoreModule: (name: string) => CoreModule,
	imports: ImportObject,
	instantiateCore: (module: CoreModule, imports?: CoreImports) => Promise<CoreInstance>,
) => unknown;

const STDERR_TAIL_LINES = 40;

/** A component ready to be instantiated: verified, compiled once, its memory capped. */
export class LoadedComponent {
	/** For messages: the file's name, or the beginning of its checksum. */
	readonly name: string;
	readonly manifest: Manifest;
	readonly #instantiate: Instantiate;
	readonly #modules: ReadonlyMap<string, LimitedModule>;

	constructor(name: string, manifest: Manifest, instantiate: Instantiate, modules: ReadonlyMap<string, LimitedModule>) {
		this.name = name;
		this.manifest = manifest;
		this.#instantiate = instantiate;
		this.#modules = modules;
	}

	/**
	 * Makes an instance with its own memory. `imports` are the hostcalls, keyed without version (`spear:ai/cchat`); WASI is added
	 * here, and an entry of `imports` takes its place.
	 *
	 * @throws SpearError `invalid_request` listing what the component wants and the host lacks; or when it fails while starting.
	 */
	async instantiate(imports: ImportObject, options: InstantiateOptions = {}): Promise<ComponentInstance> {
		throwIfAborted(options.signal, `instantiating ${this.name}`);
		const tail: string[] = [];
		const wasi = createWasi(options.stdout ?? (() => {}), (line) => {
			tail.push(line);
			if (tail.length > STDERR_TAIL_LINES) tail.shift();
			options.stderr?.(line);
		});
		const offered = { ...wasi.imports, ...imports };
		const missing = missingImports(this.manifest.imports, offered);
		if (missing.length > 0) {
			throw new SpearError(
				"invalid_request",
				`${this.name} cannot be instantiated: it imports what this host does not offer: ${missing.join(", ")}`,
			);
		}
		const exports = await this.#start(offered).catch((cause: unknown) => {
			wasi.close();
			if (cause instanceof SpearError) throw cause;
			throw new SpearError(
				"invalid_request",
				`${this.name} failed while it was being instantiated: ${cause instanceof Error ? cause.message : String(cause)}`,
				{ cause },
			);
		});
		const run = isRecord(exports) ? exports.run : undefined;
		if (typeof run !== "function") throw new SpearError("invalid_request", `${this.name} exports no function \`run\``);
		return new ComponentInstance({
			name: this.name,
			run: (input) => run(input),
			wasi,
			stderrTail: () => tail.join("\n"),
			signal: options.signal,
		});
	}

	async #start(imports: ImportObject): Promise<unknown> {
		const guard = new AllocationGuard();
		const limited = new Map([...this.#modules.values()].map((entry) => [entry.module, entry]));
		return this.#instantiate(
			(name) => {
				const found = this.#modules.get(name);
				if (found === undefined) throw new SpearError("internal", `${this.name} lacks its core module ${name}`);
				return found.module;
			},
			imports,
			async (module, coreImports) => {
				const entry = limited.get(module);
				if (entry !== undefined) guard.admit(entry);
				return webAssembly.instantiate(module, coreImports);
			},
		);
	}
}
