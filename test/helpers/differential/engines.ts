/** The two engines that are compared, each with an instance of the same component and a view of the guest's memory. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type ExportLifting, GuestState, type InterfaceLowering } from "../../../generated/abi/component/lowering/runtime.ts";
import { type ImportObject, offeredFunction, splitVersion } from "../../../src/abi/component/import-object.ts";
import { LinkedInstance } from "../../../src/abi/component/link/link-instance.ts";
import { OfferedInterfaces } from "../../../src/abi/component/link/offered-interfaces.ts";
import { planComponent } from "../../../src/abi/component/plan/plan-component.ts";
import { compileLimited } from "../../../src/abi/memory/memory-limit.ts";
import { webAssembly } from "../../../src/abi/web-assembly.ts";
import { scratch } from "../guest.ts";

export interface EngineInstance {
	readonly name: "direct" | "jco";
	run(job: number): Promise<void>;
	/** The guest's memory. */
	view(): DataView;
}

interface Memory {
	readonly buffer: ArrayBuffer;
}

const LIMITS = { maxBytes: 1e8, maxItems: 1e6, maxHandles: 10_000 };

export async function directInstance(
	component: Uint8Array,
	lowering: { readonly interfaces: readonly InterfaceLowering[]; readonly exports: Readonly<Record<string, ExportLifting>> },
	imports: ImportObject,
): Promise<EngineInstance> {
	const { plan, modules } = planComponent(component);
	const offered = new OfferedInterfaces(lowering.interfaces);
	offered.check("the guest", plan);
	const compiled = await compileLimited(modules, 2 ** 28);
	let memory: Memory | undefined;
	const linked = new LinkedInstance(
		{
			name: "the guest",
			plan,
			modules: compiled.map(({ module }) => module),
			offered,
			guest: new GuestState(LIMITS),
			// Without metering there is nothing to import, and the exports of each core instance pass by.
			meter: () => ({
				imports: {},
				attach(exports) {
					memory ??= memoryOf(exports);
				},
			}),
		},
		(open) => {
			const found = offeredFunction(imports, splitVersion(open.interface).base, open.function);
			if (found !== undefined) open.slot.target = found;
		},
	);
	const lifted = plan.exports.run;
	const lifting = lowering.exports.run;
	if (lifted === undefined || lifting === undefined || lifted.key !== lifting.key) throw new Error("the component exports no run");
	const { context, core, free } = linked.exported(lifted);
	const run = lifting.lift(context, webAssembly.promising(core), free);
	return {
		name: "direct",
		run: async (job) => void (await Reflect.apply(run, undefined, [job])),
		view: () => viewOf(memory),
	};
}

let count = 0;

export async function jcoInstance(component: Uint8Array, asyncImports: readonly string[], imports: ImportObject): Promise<EngineInstance> {
	const { transpileBytes } = await import("@bytecodealliance/jco-transpile");
	const { files } = await transpileBytes(component, {
		name: "guest",
		instantiation: "async",
		asyncMode: "jspi",
		asyncImports: [...asyncImports],
		asyncExports: ["run"],
		emitTypescriptDeclarations: false,
		base64Cutoff: 0,
	});
	count += 1;
	const path = join(scratch(), `differential-${process.pid}-${count}.mjs`);
	const [, glue = new Uint8Array(0)] = Object.entries(files).find(([name]) => name.endsWith(".js")) ?? [];
	await writeFile(path, glue);
	const { instantiate } = await import(pathToFileURL(path).href);
	let memory: Memory | undefined;
	const instance = await instantiate(
		async (name: string) => webAssembly.compile(files[name] ?? new Uint8Array(0)),
		imports,
		async (module: never, needs: never) => {
			const made = await webAssembly.instantiate(module, needs);
			memory ??= memoryOf(made.exports);
			return made;
		},
	);
	return { name: "jco", run: async (job) => void (await instance.run(job)), view: () => viewOf(memory) };
}

function memoryOf(exports: Readonly<Record<string, unknown>>): Memory | undefined {
	const { memory } = exports;
	return memory instanceof webAssembly.Memory ? memory : undefined;
}

function viewOf(memory: Memory | undefined): DataView {
	if (memory === undefined) throw new Error("the guest has no memory");
	return new DataView(memory.buffer);
}
