import type { CoreFunction, LinearMemory } from "../../../generated/abi/component/lowering/runtime.ts";
import { CORE_IMPORTS } from "../../../generated/abi/core/index.ts";
import { CoreContext, type CoreImport } from "../../../generated/abi/core/runtime.ts";
import { trapPlace } from "../debug/trap-place.ts";
import type { InstanceHost } from "../guest-module.ts";
import { DEFAULT_HOSTCALL_LIMITS } from "../hostcall-limits.ts";
import { InstanceMemory } from "../memory/instance-memory.ts";
import { MeteredGuest } from "../metering/metered-guest.ts";
import type { GuestExit } from "../output/exit.ts";
import { GuestOutput } from "../output/guest-output.ts";
import { failedToStart } from "../run/failed-to-start.ts";
import type { GuestControl } from "../run/instance-runs.ts";
import { webAssembly } from "../web-assembly.ts";
import { ENTRY } from "./check-interface.ts";
import type { CoreData } from "./core-data.ts";
import { GuestTools } from "./guest-functions.ts";
import { GuestWaits } from "./guest-waits.ts";
import { HeldCalls } from "./held-calls.ts";
import { PREVIEW1_MODULE, Preview1 } from "./preview1/preview1.ts";

/** Name under which the guest exports its memory. */
const MEMORY = "memory";

const HOSTCALLS: ReadonlyMap<string, CoreImport> = new Map(CORE_IMPORTS.map((each) => [`${each.module} ${each.name}`, each]));

/** An instance of a core module with all that belongs to it. Made before its first run, whose host it learns by `connect`. */
export class LinkedCore {
	readonly control: GuestControl;
	readonly #guest = new MeteredGuest(DEFAULT_HOSTCALL_LIMITS);
	readonly #waits = new GuestWaits(this.#guest.state);
	readonly #calls = new HeldCalls(this.#guest.state);
	readonly #context = new CoreContext(this.#guest.state);
	readonly #output = new GuestOutput();
	readonly #memory: InstanceMemory;
	readonly #tools: GuestTools;
	readonly #preview1: Preview1;
	readonly #entry: () => Promise<unknown>;
	#onFault: InstanceHost<unknown>["context"]["fault"] = () => {};
	#exit: GuestExit | undefined;

	/**
	 * Instantiates the module. The start function of the module, if there is one, computes.
	 *
	 * @throws SpearError `invalid_request` for a guest that fails while it starts.
	 */
	constructor(data: CoreData) {
		const guest = this.#guest;
		const { state } = guest;
		this.control = endingWaits(guest, this.#waits);
		this.#memory = new InstanceMemory([data.module]);
		const onFault = (cause: unknown, site: string): void => {
			const dot = site.indexOf(".");
			this.#onFault(cause, { interface: site.slice(0, dot), function: site.slice(dot + 1) });
		};
		this.#context.onFault = onFault;
		this.#tools = new GuestTools({
			guest: state,
			waits: this.#waits,
			onTrap: (cause) => this.#reportTool(cause),
			exit: () => this.#exit,
		});
		this.#preview1 = new Preview1({
			guest: state,
			stdout: this.#output.stdout,
			stderr: this.#output.stderr,
			text: this.#output.text,
			cpuMs: () => guest.cpuMs,
			onFault,
			onExit: (exit) => {
				this.#exit = exit;
			},
		});
		try {
			this.#entry = this.#attach(this.#start(data));
		} catch (cause) {
			this.close();
			throw failedToStart(data.name, guest, cause, "an exception of the guest left its start function");
		}
	}

	/** Connects the instance with the services of its host. Called once, before the first run. */
	connect<Scope>({ core, scope, memory, onCheck, context, hostcallLimits, stdout, stderr, emitText }: InstanceHost<Scope>): void {
		const guest = this.#guest;
		this.#output.connect({ stdout, stderr, text: emitText });
		this.#onFault = (cause, site) => context.fault(cause, site);
		memory.attach(() => this.#memory.bytes);
		guest.memory = memory;
		guest.onCheck = onCheck;
		guest.state.limits = hostcallLimits;
		this.#calls.connect(core(scope, this.#tools));
	}

	/** Calls the entry. Rejects when the guest traps or exits. */
	async run(): Promise<{ readonly ok: string }> {
		try {
			await this.#entry();
			return { ok: "" };
		} catch (thrown) {
			// If a tool exits, the stack of the entry ends by a trap.
			throw this.#exit ?? thrown;
		}
	}

	/** The last lines of standard error. */
	get stderrTail(): string {
		return this.#output.stderrTail;
	}

	/** Passes on the unfinished last lines. */
	flush(): void {
		this.#preview1.flush();
	}

	/** Closes what the host holds for the instance: descriptors, timers. */
	close(): void {
		this.#preview1.close();
		this.#calls[Symbol.dispose]();
	}

	/** Instantiates the module. The start function cannot be suspended. */
	#start({ module, imports }: CoreData): Readonly<Record<string, unknown>> {
		const modules: Record<string, Record<string, unknown>> = Object.create(null);
		for (const { module: from, name } of imports) {
			const items = modules[from] ?? Object.create(null);
			items[name] = this.#bind(from, name);
			modules[from] = items;
		}
		const guest = this.#guest;
		const meter = guest.connect();
		guest.state.forbidWaiting();
		const { exports } = new webAssembly.Instance(module.module, Object.assign(modules, meter.imports));
		guest.state.allowWaiting();
		meter.attach(exports);
		// The time until the first run is not the guest's.
		guest.finish();
		return exports;
	}

	#attach(exports: Readonly<Record<string, unknown>>): () => Promise<unknown> {
		const memory = isMemory(exports[MEMORY]) ? exports[MEMORY] : undefined;
		this.#context.attach(memory);
		this.#preview1.attach(memory);
		this.#tools.attach(exports, memory);
		this.#memory.add(exports);
		const entry = exports[ENTRY];
		if (!isFunction(entry)) throw new TypeError(`it exports no ${ENTRY}`);
		return webAssembly.promising(entry);
	}

	#bind(module: string, name: string): CoreFunction {
		const suspending = (site: string, target: CoreFunction): CoreFunction => this.#suspending(site, target);
		if (module === PREVIEW1_MODULE) return this.#preview1.bind(name, suspending);
		const found = HOSTCALLS.get(`${module} ${name}`);
		if (found === undefined) throw new TypeError(`this host offers no ${module}.${name}`);
		const target = found.bind(this.#context, this.#calls);
		return found.waits ? suspending(`${module}.${name}`, target) : target;
	}

	#suspending(site: string, target: CoreFunction): CoreFunction {
		const guest = this.#guest;
		return this.#waits.suspending(site, (...parameters) => {
			// The only look at the growth of a guest that is not metered.
			if (guest.memory?.checkGrowth() === "refused") guest.stop("the host has no memory for the growth of the guest");
			return Reflect.apply(target, undefined, parameters);
		});
	}

	/** Reports to the author of the guest. The model learns only that the tool has failed. */
	#reportTool(cause: unknown): void {
		const text = cause instanceof Error ? `${cause.message}${trapPlace(cause)}` : "an exception left it";
		this.#output.stderr(`a tool of the guest has trapped: ${text}`, false);
	}
}

/** Returns the control of a guest whose end ends its waits, too. */
function endingWaits(guest: MeteredGuest, waits: GuestWaits): GuestControl {
	return {
		get cpuMs() {
			return guest.cpuMs;
		},
		get ended() {
			return guest.ended;
		},
		start: (limits) => guest.start(limits),
		finish: () => guest.finish(),
		stop: (reason) => guest.stop(reason),
		stopAfter: (cpuMs, reason) => guest.stopAfter(cpuMs, reason),
		whenEnded(notify) {
			guest.whenEnded(() => {
				waits.end();
				notify();
			});
		},
	};
}

function isMemory(value: unknown): value is LinearMemory {
	return value instanceof webAssembly.Memory;
}

function isFunction(value: unknown): value is CoreFunction {
	return typeof value === "function";
}
