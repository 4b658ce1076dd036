/** Fuzz cases: a mutation of a component or of a prepared agent, loaded and run within limits. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { EXPORTS, HOST_INTERFACES } from "../../../generated/abi/component/lowering/index.ts";
import { fileRecord } from "../../../src/abi/component/files/file-record.ts";
import { type LoadOptions, loadComponent } from "../../../src/abi/component/load.ts";
import { prepareComponent } from "../../../src/abi/component/prepare.ts";
import { preparedFiles } from "../../../src/abi/component/prepared/prepared-files.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { GeneratedLowering } from "../generated-lowering.ts";
import { hostileHost } from "../hostile-guest.ts";
import { unavailableImports } from "../programs.ts";
import type { Seed } from "./corpus.ts";
import { mutateBytes, mutateData } from "./mutate.ts";
import { Random } from "./random.ts";

export const MEMORY_LIMIT = 64 * 1024 * 1024;
/** Memory that the host may use beyond the limit of the guest. */
const MEMORY_MARGIN = 16 * 1024 * 1024;
/** Longest CPU time of this thread for one case, in milliseconds. */
const MAX_BLOCKED_MS = 1_000;
const LIMITS = { cpuMs: 200, timeoutMs: 400 };

/** End of a case. A `finding` is a fault of the host. */
export interface FuzzResult {
	readonly subject: string;
	readonly end: string;
	readonly finding?: string;
	/** CPU time of this thread, in milliseconds. */
	readonly cpuMs: number;
}

export interface Fuzzer {
	/** Runs the case of a number. Equal numbers are equal cases. */
	run(number: number): Promise<FuzzResult>;
}

export interface FuzzParts {
	readonly seed: number;
	/** Directory that the cases may write to. */
	readonly folder: string;
	/** Lowering of the tests of hostile guests. */
	readonly test: GeneratedLowering;
	/** Valid components. */
	readonly seeds: readonly Seed[];
}

export function createFuzzer({ seed, folder, test, seeds }: FuzzParts): Fuzzer {
	const small = seeds.filter(({ large }) => !large);
	const large = seeds.filter((each) => each.large);
	const interfaces = [...HOST_INTERFACES, ...test.interfaces];
	const options = (world: Seed["world"]): LoadOptions => ({
		interfaces,
		exports: world === "test" ? test.exports : EXPORTS,
		maxMemoryBytes: MEMORY_LIMIT,
	});
	const prepared = new Map(
		seeds.map((each) => {
			const agent = prepareComponent(each.bytes, each.name);
			return [each, preparedFiles(agent, { component: each.bytes })] as const;
		}),
	);

	const source = async (random: Random, chosen: Seed): Promise<[what: string, source: Uint8Array | string]> => {
		const donor = random.pick(random.oneIn(4) ? seeds : small).bytes;
		if (random.oneIn(2)) return ["component", mutateBytes(chosen.bytes, donor, random)];
		const files = new Map(prepared.get(chosen));
		const what = await mutateFiles(files, donor, random);
		const directory = join(folder, "case.spear");
		await rm(directory, { recursive: true, force: true });
		await mkdir(directory);
		for (const [name, content] of files) await writeFile(join(directory, name), content);
		return [what, directory];
	};

	return {
		async run(number) {
			const random = new Random(Math.imul(seed, 0x0100_0193) ^ number);
			const chosen = random.pick(random.oneIn(50) ? large : small);
			const [what, from] = await source(random, chosen);
			const before = process.threadCpuUsage();
			const { end, finding } = await loadAndRun(from, options(chosen.world));
			const { user, system } = process.threadCpuUsage(before);
			const cpuMs = (user + system) / 1_000;
			const slow = cpuMs > MAX_BLOCKED_MS ? `it took ${cpuMs} ms` : undefined;
			const found = finding ?? slow;
			return { subject: `${what} of ${chosen.name}`, end, cpuMs, ...(found === undefined ? {} : { finding: found }) };
		},
	};
}

async function mutateFiles(files: Map<string, Uint8Array | string>, donor: Uint8Array, random: Random): Promise<string> {
	const kind = random.below(8);
	if (kind === 0) {
		files.set("manifest.json", mutateBytes(bytesOf(files, "manifest.json"), donor, random));
		return "manifest bytes";
	}
	const manifest: unknown = JSON.parse(textOf(files, "manifest.json"));
	if (kind === 1) {
		files.set("manifest.json", JSON.stringify(mutateData(manifest, random)));
		return "manifest";
	}
	const modules = [...files.keys()].filter((name) => name.startsWith("core-"));
	const name = kind < 6 ? "plan.json" : random.pick(modules);
	const content =
		name === "plan.json"
			? JSON.stringify(mutateData(JSON.parse(textOf(files, name)), random))
			: mutateBytes(bytesOf(files, name), donor, random);
	files.set(name, content);
	const holder = Object(manifest);
	if (name === "plan.json") holder.plan = fileRecord(content);
	else holder.modules[modules.indexOf(name)] = fileRecord(content);
	files.set("manifest.json", JSON.stringify(holder));
	return name === "plan.json" ? "plan" : "core module";
}

function textOf(files: ReadonlyMap<string, Uint8Array | string>, name: string): string {
	return Buffer.from(files.get(name) ?? "").toString("utf8");
}

function bytesOf(files: ReadonlyMap<string, Uint8Array | string>, name: string): Uint8Array {
	return Uint8Array.from(Buffer.from(files.get(name) ?? ""));
}

async function loadAndRun(source: Uint8Array | string, options: LoadOptions): Promise<{ end: string; finding?: string }> {
	const base = memoryInUse();
	try {
		const loaded = await loadComponent(source, options);
		// A mutated size is not the memory of the guest.
		const host = hostileHost(1_000_000);
		host.release();
		const instance = await loaded.instantiate({ ...unavailableImports(), ...host.imports });
		const outcome = await instance.run("input", LIMITS);
		const grown = memoryInUse() - base;
		const excess = grown > MEMORY_LIMIT + MEMORY_MARGIN ? afterCollection(base) : 0;
		instance.close();
		const finding = excess > MEMORY_LIMIT + MEMORY_MARGIN ? `it holds ${excess} bytes` : undefined;
		const end =
			"trap" in outcome
				? `trap: ${outcome.trap.kind}${outcome.trap.kind === "host-fault" ? ` (${outcome.trap.message.slice(0, 120)})` : ""}`
				: "ok" in outcome
					? "ok"
					: "err";
		return finding === undefined ? { end } : { end, finding };
	} catch (error) {
		if (error instanceof SpearError)
			return { end: `refused: ${error.code}`, ...(error.code === "internal" ? { finding: error.message } : {}) };
		return { end: "threw", finding: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
}

/** Memory of the JavaScript heap, of buffers and of linear memories, in bytes. */
function memoryInUse(): number {
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

function afterCollection(base: number): number {
	globalThis.gc?.();
	return memoryInUse() - base;
}
