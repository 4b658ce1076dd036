import type { GuestState, HostFunction } from "../../../generated/abi/component/lowering/runtime.ts";
import { DEFAULT_HOSTCALL_LIMITS } from "../hostcall-limits.ts";
import { InstanceMemory } from "../memory/instance-memory.ts";
import type { LimitedModule } from "../memory/memory-limit.ts";
import { MeteredGuest } from "../metering/metered-guest.ts";
import { GuestOutput } from "../output/guest-output.ts";
import { failedToStart } from "../run/failed-to-start.ts";
import type { CoreModule } from "../web-assembly.ts";
import { type ImportObject, offeredFunction } from "./import-object.ts";
import { LinkedInstance, type OpenSlot, type StepMeter } from "./link/link-instance.ts";
import type { OfferedInterfaces } from "./link/offered-interfaces.ts";
import type { Plan } from "./plan/plan.ts";
import { createWasi, type Wasi } from "./wasi/wasi.ts";

/** Core instances of one guest, with the meter, the memory and the WASI that belong to them. */
export interface LinkedGuest {
	readonly linked: LinkedInstance;
	readonly guest: MeteredGuest;
	readonly wasi: Wasi;
	readonly output: GuestOutput;
	readonly memory: InstanceMemory;
}

/** Parts of a component that its instances share. */
export interface LinkableComponent {
	readonly name: string;
	readonly plan: Plan;
	readonly modules: readonly CoreModule[];
	/** Core modules, once for each core instance. */
	readonly allocated: readonly LimitedModule[];
	readonly offered: OfferedInterfaces;
}

/**
 * Links an instance. The start functions of the guest compute.
 *
 * @param connect Called with each function of the host when the function is linked, and with the WASI of the instance.
 * @throws SpearError `invalid_request` for a guest that fails while it starts.
 */
export function linkGuest(
	{ name, plan, modules, allocated, offered }: LinkableComponent,
	connect: (open: OpenSlot, wasi: ImportObject, guest: GuestState) => void,
): LinkedGuest {
	const output = new GuestOutput();
	const wasi = createWasi(output.stdout, output.stderr, "end");
	const guest = new MeteredGuest(DEFAULT_HOSTCALL_LIMITS);
	const memory = new InstanceMemory(allocated);
	const meter = (): StepMeter => {
		const { imports, attach } = guest.connect();
		return {
			imports,
			attach(exports) {
				attach(exports);
				memory.add(exports);
			},
		};
	};
	try {
		const parts = { name, plan, modules, offered, guest: guest.state, meter };
		const linked = new LinkedInstance(parts, (open) => connect(open, wasi.imports, guest.state));
		// Start functions have computed. The time until the first run is not the guest's.
		guest.finish();
		return { linked, guest, wasi, output, memory };
	} catch (cause) {
		wasi.close();
		throw failedToStart(name, guest, cause);
	}
}

/** Connects a function that an instance calls with an import object's. Returns false if there is none. */
export function fill(open: OpenSlot, offered: ImportObject, guest: GuestState): boolean {
	const found = offeredFunction(offered, open.base, open.function);
	if (found === undefined) return false;
	open.slot.target = open.base === "wasi:cli/exit" ? endingWith(found, guest) : found;
	open.isFilled = true;
	return true;
}

/** Ends the guest with the call: a guest may catch the exception that leaves it. */
function endingWith(exit: HostFunction, guest: GuestState): HostFunction {
	return (...args) => {
		guest.end("the guest has exited");
		return Reflect.apply(exit, undefined, args);
	};
}
