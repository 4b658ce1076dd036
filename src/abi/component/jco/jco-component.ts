import { throwIfAborted } from "../../../async/throw-if-aborted.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { LinearMemory } from "../../../memory/memory-kinds.ts";
import type { GuestSourceMap } from "../../debug/source-map/source-map.ts";
import { InstanceMemory } from "../../memory/instance-memory.ts";
import { AllocationGuard, type LimitedModule } from "../../memory/memory-limit.ts";
import { GuestOutput } from "../../output/guest-output.ts";
import { InstanceRuns } from "../../run/instance-runs.ts";
import { type CoreImports, type CoreInstance, type CoreModule, webAssembly } from "../../web-assembly.ts";
import type { DeprecatedImport } from "../deprecated-import.ts";
import { type ImportObject, missingImports } from "../import-object.ts";
import type { InstantiateOptions, LoadedComponent } from "../loaded-component.ts";
import { type ComponentInstance, type GuestAnswer, runErrorOf } from "../run-outcome.ts";
import { isRecord } from "../toolchain.ts";
import { createWasi } from "../wasi/wasi.ts";
import type { Manifest } from "./manifest.ts";

/** The transpiler's entry point. */
export type Instantiate = (
	getCoreModule: (name: string) => CoreModule,
	imports: ImportObject,
	instantiateCore: (module: CoreModule, imports?: CoreImports) => Promise<CoreInstance>,
) => unknown;

/** A component that jco has transpiled. */
export class JcoComponent implements LoadedComponent {
	/** Name for messages: that of the file, or the beginning of the checksum. */
	readonly name: string;
	readonly yields = "none";
	readonly manifest: Manifest;
	readonly sourceMap: GuestSourceMap;
	readonly initialBytes: number;
	readonly deprecated: readonly DeprecatedImport[];
	readonly #instantiate: Instantiate;
	readonly #modules: ReadonlyMap<string, LimitedModule>;
	readonly #maxMemoryBytes: number;

	constructor(
		name: string,
		manifest: Manifest,
		instantiate: Instantiate,
		parts: {
			readonly modules: ReadonlyMap<string, LimitedModule>;
			readonly maxMemoryBytes: number;
			readonly sourceMap: GuestSourceMap;
			readonly deprecated: readonly DeprecatedImport[];
		},
	) {
		this.name = name;
		this.manifest = manifest;
		this.#instantiate = instantiate;
		this.sourceMap = parts.sourceMap;
		this.deprecated = parts.deprecated;
		this.#modules = parts.modules;
		this.initialBytes = new InstanceMemory([...parts.modules.values()]).bytes;
		this.#maxMemoryBytes = parts.maxMemoryBytes;
	}

	/**
	 * Creates an instance with a memory of its own.
	 *
	 * @param imports The hostcalls, by name without version (`spear:ai/cchat`). WASI is added; an entry of the same name replaces it.
	 * @throws SpearError `invalid_request` listing the imports that the host lacks, or when the component fails while starting.
	 */
	async instantiate(imports: ImportObject, options: InstantiateOptions = {}): Promise<ComponentInstance> {
		throwIfAborted(options.signal, `instantiating ${this.name}`);
		const output = new GuestOutput();
		output.connect(options);
		const wasi = createWasi(output.stdout, output.stderr, "stay");
		const offered = { ...wasi.imports, ...imports };
		const missing = missingImports(this.manifest.imports, offered);
		if (missing.length > 0) {
			throw new SpearError(
				"invalid_request",
				`${this.name} cannot be instantiated: it imports what this host does not offer: ${missing.join(", ")}`,
			);
		}
		const exports = await this.#start(offered, options.memory).catch((cause: unknown) => {
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
		return new InstanceRuns({
			name: this.name,
			run: (input) => answerOf(() => run(input)),
			services: wasi,
			stderrTail: () => output.stderrTail,
			signal: options.signal,
		});
	}

	async #start(imports: ImportObject, account: LinearMemory | undefined): Promise<unknown> {
		const memory = new InstanceMemory([...this.#modules.values()]);
		account?.attach(() => memory.bytes);
		const guard = new AllocationGuard(this.#maxMemoryBytes);
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
				const instance = await webAssembly.instantiate(module, coreImports);
				memory.add(instance.exports);
				return instance;
			},
		);
	}
}

/** Turns the errors that the transpiled code throws for a guest's own `err` into the outcome. */
async function answerOf(run: () => unknown): Promise<GuestAnswer> {
	try {
		const ok = await run();
		if (typeof ok === "string") return { ok };
		throw new TypeError(`the export run answered with ${typeof ok}, not text; build the guest for a world of spear:ai`);
	} catch (thrown) {
		const err = runErrorOf(thrown) ?? (isRecord(thrown) ? runErrorOf(thrown.payload) : undefined);
		if (err === undefined) throw thrown;
		return { err };
	}
}
