import { GuestState, type HostcallLimits } from "../../../generated/abi/component/lowering/runtime.ts";
import type { LinearMemory } from "../../memory/memory-kinds.ts";
import { systemClock } from "../../time/clock.ts";
import type { StepMeter } from "../component/link/link-instance.ts";
import type { GuestRunLimits, GuestTrap } from "../guest-module.ts";
import type { GuestControl } from "../run/instance-runs.ts";
import { Meter } from "./meter.ts";
import type { MeterEnd } from "./meter-end.ts";
import { METER_NAME } from "./module-layout.ts";

/** State and meter of one guest, each of which learns when the other ends it. */
export class MeteredGuest implements GuestControl {
	readonly state: GuestState;
	/** Called in each check of the meter, with the guest's frames on the stack. Absent: nothing is called. */
	onCheck: (() => void) | undefined;
	/** Account of the memory. Each check of the meter looks at the growth, and ends a guest that the host has no room for. */
	memory: LinearMemory | undefined;
	readonly #meter: Meter;
	#notify: () => void = () => {};
	/** Absent if the guest lives, or if its meter ended it first. */
	#fault: "guest" | "host" | undefined;

	/** @param limits Bounds for the arguments of a hostcall. */
	constructor(limits: HostcallLimits) {
		const state = new GuestState(limits);
		const meter = new Meter({
			clock: systemClock,
			unyieldingStretch: () => (state.unyielding === 0 ? 0 : state.stretch),
			onCheck: () => {
				if (this.memory?.checkGrowth() === "refused") this.stop("the host has no memory for the growth of the guest");
				this.onCheck?.();
			},
			onEnd: ({ message }) => {
				state.end(message);
				this.#notify();
			},
		});
		state.clock = {
			hostcall: (size) => meter.charge(size),
			suspend: () => meter.pause(),
			resume: () => meter.resume(),
			end: (message, fault) => {
				if (meter.ended === undefined) this.#fault = fault;
				meter.end({ kind: "aborted", message });
			},
		};
		this.state = state;
		this.#meter = meter;
	}

	get cpuMs(): number {
		return this.#meter.cpuMs;
	}

	get ended(): Pick<GuestTrap, "kind" | "message"> | undefined {
		const { ended } = this.#meter;
		if (this.#fault === "guest") return { kind: "trap", message: `the guest trapped: ${this.state.ended}` };
		if (this.#fault === "host")
			return { kind: "host-fault", message: `a host function failed and took the guest with it: ${this.state.ended}` };
		return ended === undefined ? undefined : { kind: KINDS[ended.kind], message: ended.message };
	}

	start({ timeoutMs, cpuMs, sliceMs, budget }: GuestRunLimits): void {
		const deadline = timeoutMs === undefined ? undefined : systemClock.now() + timeoutMs;
		this.#meter.start({ deadline, cpuMs, sliceMs, budget });
		this.#meter.resume();
	}

	finish(): void {
		this.#meter.finish();
	}

	stop(message: string): void {
		this.#meter.end({ kind: "aborted", message });
	}

	stopAfter(cpuMs: number, message: string): void {
		this.#meter.endAfter(cpuMs, { kind: "aborted", message });
	}

	whenEnded(notify: () => void): void {
		this.#notify = notify;
	}

	/** Returns the meter of one core instance. */
	connect(): StepMeter {
		const core = this.#meter.connect();
		return {
			imports: { [METER_NAME]: core.imports },
			attach(exports) {
				if (Object.hasOwn(exports, METER_NAME)) core.bind(exports[METER_NAME]);
			},
		};
	}
}

const KINDS: Readonly<Record<MeterEnd["kind"], GuestTrap["kind"]>> = {
	deadline: "deadline",
	cpu: "cpu-budget",
	unyielding: "cpu-budget",
	aborted: "aborted",
};
