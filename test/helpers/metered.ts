import * as assert from "uvu/assert";
import { Meter, type MeterOptions, type RunLimits } from "../../src/abi/metering/meter.ts";
import { meterCoreModule } from "../../src/abi/metering/meter-core-module.ts";
import type { MeteringMode } from "../../src/abi/metering/meter-function.ts";
import { METER_NAME } from "../../src/abi/metering/module-layout.ts";
import { type CoreImports, webAssembly } from "../../src/abi/web-assembly.ts";
import { systemClock } from "../../src/time/clock.ts";
import { assemble } from "./guest.ts";

/** The function of V8 that makes an export return a promise, so that imports can suspend it. */
const promising: unknown = Reflect.get(webAssembly, "promising");

/** An instance of a metered core module with a meter of its own. */
export interface MeteredModule {
	readonly meter: Meter;
	/** Calls an export that may suspend. */
	readonly call: (name: string, ...values: unknown[]) => Promise<unknown>;
	/** Calls an export where it cannot suspend. */
	readonly callSync: (name: string, ...values: unknown[]) => unknown;
}

export interface MeteredOptions {
	readonly mode?: MeteringMode;
	readonly imports?: CoreImports | ((meter: Meter) => CoreImports);
	readonly meter?: Partial<MeterOptions>;
}

/** Meters and instantiates a core module in text form. */
export async function instantiateMetered(text: string, options: MeteredOptions = {}): Promise<MeteredModule> {
	const metered = meterCoreModule(await assemble(text), { mode: options.mode ?? "full" });
	let calls = 1;
	let maySuspend = false;
	const meter = new Meter({ clock: systemClock, unyieldingStretch: () => (maySuspend ? 0 : calls), ...options.meter });
	const link = meter.connect();
	const imports = typeof options.imports === "function" ? options.imports(meter) : options.imports;
	meter.resume();
	const { exports } = await webAssembly.instantiate(await webAssembly.compile(metered), { ...imports, [METER_NAME]: link.imports });
	meter.pause();
	link.bind(exports[METER_NAME]);
	const within = <Result>(suspends: boolean, run: () => Result): Result => {
		calls += 1;
		maySuspend = suspends;
		meter.resume();
		return run();
	};
	return {
		meter,
		async call(name, ...values) {
			const entry = callable(callable(promising)(exports[name]));
			try {
				return await within(true, () => entry(...values));
			} finally {
				meter.pause();
			}
		},
		callSync(name, ...values) {
			try {
				return within(false, () => callable(exports[name])(...values));
			} finally {
				meter.pause();
			}
		},
	};
}

function callable(value: unknown): (...values: unknown[]) => unknown {
	if (typeof value !== "function") throw new TypeError(`${String(value)} is no function`);
	return (...values) => Reflect.apply(value, undefined, values);
}

/** Runs an export until the meter ends it. Returns the error of the trap. Fails if the export returns. */
export async function runToEnd(module: MeteredModule, name: string, limits: RunLimits): Promise<Error> {
	module.meter.start(limits);
	try {
		await module.call(name);
	} catch (thrown) {
		assert.instance(thrown, webAssembly.RuntimeError);
		return thrown as Error;
	} finally {
		module.meter.finish();
	}
	return assert.unreachable("the guest returned") as never;
}
