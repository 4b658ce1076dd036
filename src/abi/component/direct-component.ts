import type { ExportLifting } from "../../../generated/abi/component/lowering/runtime.ts";
import { throwIfAborted } from "../../async/throw-if-aborted.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { GuestSourceMap } from "../debug/source-map/source-map.ts";
import { InstanceMemory } from "../memory/instance-memory.ts";
import { AllocationGuard, type LimitedModule } from "../memory/memory-limit.ts";
import type { MeteringMode } from "../metering/metering-mode.ts";
import { failedToStart } from "../run/failed-to-start.ts";
import { InstanceRuns } from "../run/instance-runs.ts";
import { type CoreModule, webAssembly } from "../web-assembly.ts";
import type { ComponentData } from "./component-data.ts";
import type { DeprecatedImport } from "./deprecated-import.ts";
import type { ImportObject } from "./import-object.ts";
import type { LinkedInstance } from "./link/link-instance.ts";
import type { OfferedInterfaces } from "./link/offered-interfaces.ts";
import { fill, type LinkedGuest, linkGuest } from "./linked-guest.ts";
import type { InstantiateOptions, LoadedComponent } from "./loaded-component.ts";
import type { LiftedFunction, Plan } from "./plan/plan.ts";
import type { PreparedAgent } from "./prepare.ts";
import { type ComponentInstance, type GuestAnswer, runErrorOf } from "./run-outcome.ts";
import { isRecord } from "./toolchain.ts";

/** Parts of a component that its host makes. */
export interface DirectParts {
	/** Compiled core modules, in the plan's order. */
	readonly modules: readonly LimitedModule[];
	/** Metering of the modules. */
	readonly mode: MeteringMode;
	/** Limit that the modules were compiled for. */
	readonly maxMemoryBytes: number;
	readonly offered: OfferedInterfaces;
	/** Lifting of the functions that a component may export. */
	readonly exports: Readonly<Record<string, ExportLifting>>;
}

/** A component that this project's own linker instantiates. No JavaScript is made for it. */
export class DirectComponent implements LoadedComponent {
	readonly name: string;
	readonly yields: LoadedComponent["yields"];
	readonly sourceMap: GuestSourceMap;
	readonly initialBytes: number;
	readonly deprecated: readonly DeprecatedImport[];
	readonly #agent: Omit<PreparedAgent, "modules">;
	readonly #plan: Plan;
	readonly #parts: DirectParts;
	readonly #modules: readonly CoreModule[];
	/** Core modules, once for each core instance. */
	readonly #allocated: readonly LimitedModule[];
	readonly #spares: Spare[] = [];
	readonly #run: { readonly lifted: LiftedFunction; readonly lifting: ExportLifting };

	/** @throws SpearError `invalid_request` for a component without `run`, or one whose core instances exceed the memory limit together. */
	constructor(agent: Omit<PreparedAgent, "modules">, parts: DirectParts) {
		this.#agent = agent;
		this.name = agent.name;
		this.yields = parts.mode === "off" ? "hostcalls" : "metering";
		this.sourceMap = new GuestSourceMap(agent.sourceMap);
		this.#plan = agent.plan;
		this.#parts = parts;
		this.#modules = parts.modules.map(({ module }) => module);
		this.#run = exportedRun(agent, parts);
		this.deprecated = parts.offered.deprecated(agent.plan.imports);
		const guard = new AllocationGuard(parts.maxMemoryBytes);
		this.#allocated = agent.plan.steps.flatMap(({ module }) => parts.modules[module] ?? []);
		for (const limited of this.#allocated) guard.admit(limited);
		this.initialBytes = new InstanceMemory(this.#allocated).bytes;
	}

	/** The component as data, which another thread can instantiate. */
	get data(): ComponentData {
		const { modules, mode, maxMemoryBytes } = this.#parts;
		const { name, digest, plan, sourceMap } = this.#agent;
		const agent = { name, digest, plan, ...(sourceMap === undefined ? {} : { sourceMap }) };
		return { agent, modules, metering: mode, maxMemoryBytes };
	}

	/** Makes an instance in advance unless `count` are ready. The next ones are taken from them. Returns true if some are missing still. */
	reserve(count: number): boolean {
		if (this.#spares.length < count) this.#spares.push(this.#create());
		return this.#spares.length < count;
	}

	async instantiate(imports: ImportObject, options: InstantiateOptions = {}): Promise<ComponentInstance> {
		throwIfAborted(options.signal, `instantiating ${this.name}`);
		const { linked, run, guest, wasi, output, memory } = this.#spares.pop() ?? this.#create();
		output.connect(options);
		options.memory?.attach(() => memory.bytes);
		guest.memory = options.memory;
		if (options.hostcallLimits !== undefined) guest.state.limits = options.hostcallLimits;
		guest.onCheck = options.onCheck;
		const missing = bind(linked, imports);
		if (missing.length > 0) {
			wasi.close();
			throw new SpearError(
				"invalid_request",
				`${this.name} cannot be instantiated: it imports what this host does not offer: ${missing.join(", ")}`,
			);
		}
		return new InstanceRuns({
			name: this.name,
			run: (input) => Reflect.apply(run, undefined, [input]).then(answerOf),
			control: guest,
			services: wasi,
			stderrTail: () => output.stderrTail,
			signal: options.signal,
		});
	}

	/** Links an instance with WASI, and without the hostcalls of a run. */
	#create(): Spare {
		const { offered } = this.#parts;
		const parts = { name: this.name, plan: this.#plan, modules: this.#modules, allocated: this.#allocated, offered };
		const linkedGuest = linkGuest(parts, fill);
		const { linked, guest, wasi } = linkedGuest;
		try {
			const { context, core, free } = linked.exported(this.#run.lifted);
			// Fails for an export that is a function of the host.
			const run = this.#run.lifting.lift(context, webAssembly.promising(core), free);
			return { ...linkedGuest, run };
		} catch (cause) {
			wasi.close();
			throw failedToStart(this.name, guest, cause);
		}
	}
}

/** A linked instance before it has the hostcalls of a run. */
interface Spare extends LinkedGuest {
	readonly run: ReturnType<ExportLifting["lift"]>;
}

/** Connects the functions that an instance calls with those of a run. WASI is connected already. Returns the names of those that have none. */
function bind(linked: LinkedInstance, imports: ImportObject): string[] {
	const missing: string[] = [];
	for (const open of linked.slots) {
		const isOffered = open.isFilled && !Object.hasOwn(imports, open.base);
		if (!isOffered && !fill(open, imports, linked.guest)) missing.push(`${open.interface}: ${open.function}`);
	}
	return missing;
}

function exportedRun(
	{ name, plan }: Omit<PreparedAgent, "modules">,
	{ exports: liftings, offered }: Pick<DirectParts, "exports" | "offered">,
): {
	readonly lifted: LiftedFunction;
	readonly lifting: ExportLifting;
} {
	const lifted = Object.hasOwn(plan.exports, "run") ? plan.exports.run : undefined;
	const lifting = Object.hasOwn(liftings, "run") ? liftings.run : undefined;
	if (lifted === undefined || lifting === undefined) {
		throw new SpearError(
			"invalid_request",
			`${name} cannot be loaded: it exports no function \`run\`; build it for a world of spear:ai, e.g. \`agent\``,
		);
	}
	if (lifted.key !== lifting.key) {
		const note = offered.versionNote(plan.imports);
		throw new SpearError(
			"invalid_request",
			`${name} cannot be loaded: its export run has the type \`${lifted.key.slice(0, 500)}\`, and this host calls \`${lifting.key.slice(0, 500)}\`; ${note === undefined ? "" : `${note}; `}build the guest for a world of spear:ai`,
		);
	}
	return { lifted, lifting };
}

/** Returns the answer of a lifted `run`. The type of the export guarantees the shape. */
function answerOf(value: unknown): GuestAnswer {
	if (isRecord(value)) {
		if (value.tag === "ok" && typeof value.val === "string") return { ok: value.val };
		const err = value.tag === "err" ? runErrorOf(value.val) : undefined;
		if (err !== undefined) return { err };
	}
	throw new TypeError(`the export run answered with ${typeof value}, not a result; build the guest for a world of spear:ai`);
}
