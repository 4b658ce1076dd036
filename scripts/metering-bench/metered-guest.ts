import { readFileSync } from "node:fs";
import { inspectComponent } from "../../src/abi/component/binary/inspect.ts";
import { MODULE_FILE } from "../../src/abi/component/jco/manifest.ts";
import { transpileComponent } from "../../src/abi/component/jco/transpile.ts";
import { Meter } from "../../src/abi/component/metering/meter.ts";
import { meterCoreModule } from "../../src/abi/component/metering/meter-core-module.ts";
import type { MeteringMode } from "../../src/abi/component/metering/meter-function.ts";
import { METER_NAME } from "../../src/abi/component/metering/module-layout.ts";
import { isRecord } from "../../src/abi/component/toolchain.ts";
import { createWasi } from "../../src/abi/component/wasi/wasi.ts";
import { type CoreImports, type CoreModule, webAssembly } from "../../src/abi/component/web-assembly.ts";
import { systemClock } from "../../src/time/clock.ts";

export interface MeteredGuest {
	readonly run: (input: string) => Promise<unknown>;
	/** Meter of the instance. Absent if the guest is not metered. */
	readonly meter: Meter | undefined;
	/** Bytes of the core modules, before and after the metering. */
	readonly bytes: { readonly original: number; readonly metered: number };
	/** Time of the rewriting, in milliseconds. */
	readonly meteringMs: number;
}

/** Instantiates a guest without hostcalls, metered or not. */
export async function startGuest(component: string, mode: MeteringMode | "off"): Promise<MeteredGuest> {
	const bytes = readFileSync(component);
	const { files } = await transpileComponent(bytes, { asyncImports: [] });
	const started = performance.now();
	const wasm = [...files].filter(([name]) => name.endsWith(".wasm"));
	const rewritten = wasm.map(([name, original]) => ({
		name,
		original,
		metered: mode === "off" ? original : meterCoreModule(original, { mode }),
	}));
	const meteringMs = performance.now() - started;
	const modules = new Map<string, CoreModule>();
	for (const { name, metered } of rewritten) modules.set(name, await webAssembly.compile(metered));
	const meter = mode === "off" ? undefined : new Meter({ clock: systemClock, unyieldingStretch: () => (isStarted ? 0 : 1) });
	let isStarted = false;
	const source = files.get(MODULE_FILE);
	if (source === undefined) throw new Error("the transpiler made no JavaScript");
	const glue: unknown = await import(`data:text/javascript;base64,${Buffer.from(source).toString("base64")}`);
	if (!isRecord(glue) || typeof glue.instantiate !== "function") throw new Error("the transpiled guest exports no instantiate");
	const imports = {
		...createWasi(
			() => {},
			() => {},
			"end",
		).imports,
		...stubs(bytes),
	};
	const instance: unknown = await glue.instantiate(
		(name: string) => modules.get(name),
		imports,
		async (module: CoreModule, given: CoreImports) => {
			const link = meter?.connect();
			meter?.resume();
			const core = await webAssembly.instantiate(module, link === undefined ? given : { ...given, [METER_NAME]: link.imports });
			meter?.pause();
			if (Object.hasOwn(core.exports, METER_NAME)) link?.bind(core.exports[METER_NAME]);
			return core;
		},
	);
	if (!isRecord(instance) || typeof instance.run !== "function") throw new Error("the guest exports no run");
	const enter = instance.run;
	isStarted = true;
	return {
		meter,
		bytes: { original: sum(wasm.map(([, part]) => part.length)), metered: sum(rewritten.map(({ metered }) => metered.length)) },
		meteringMs,
		run: async (input) => {
			meter?.start({});
			meter?.resume();
			try {
				return await enter(input);
			} finally {
				meter?.finish();
			}
		},
	};
}

/** Returns hostcalls that the workloads never call. */
function stubs(bytes: Uint8Array): Record<string, Record<string, unknown>> {
	const spear = inspectComponent(bytes).imports.filter(({ name }) => name.startsWith("spear:"));
	const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
	return Object.fromEntries(
		spear.map(({ name, functions, resources }) => [
			name.replace(/@.*$/, ""),
			Object.fromEntries([
				...functions.filter((each) => !each.startsWith("[")).map((each) => [camel(each), () => {}]),
				...resources.map((each) => [camel(`-${each}`), class {}]),
			]),
		]),
	);
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
