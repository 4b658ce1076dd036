/** The time of reading WIT, without generation. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { types } from "@bytecodealliance/jco";
import { readWit } from "../../codegen/wit/read.ts";
import { lowerQuartile } from "../lower-quartile.ts";

const SHIPPED = resolve(import.meta.dirname, "../../node_modules/@bytecodealliance/jco/lib/wit/builtin/0.2.12");

export interface Figure {
	readonly name: string;
	readonly value: number;
	readonly unit: "ms" | "MB" | "";
	readonly goal: string;
}

export async function readingFigures(rounds: number): Promise<Figure[]> {
	const work = mkdtempSync(join(tmpdir(), "spear-bench-reading-"));
	try {
		const http = httpPackage(work);
		const ours: number[] = [];
		const theirs: number[] = [];
		for (let round = -3; round < rounds; round++) {
			const start = performance.now();
			const { model } = await readWit(http);
			const middle = performance.now();
			if (model === undefined) throw new Error("the reader refuses wasi:http");
			await types(http, { worldName: "proxy", name: "proxy" });
			if (round < 0) continue;
			ours.push(middle - start);
			theirs.push(performance.now() - middle);
		}
		const small = await readInterfaces(work, 500);
		const large = await readInterfaces(work, 1000);
		return [
			{ name: "wasi:http with all it needs", value: lowerQuartile(ours), unit: "ms", goal: "" },
			{ name: "the same by the official reader, with printing types", value: lowerQuartile(theirs), unit: "ms", goal: "" },
			{ name: "500 interfaces", value: small.ms, unit: "ms", goal: "" },
			{ name: "1,000 interfaces", value: large.ms, unit: "ms", goal: "<= 4000" },
			{ name: "memory of 1,000 interfaces to that of 500", value: large.bytes / small.bytes, unit: "", goal: "about 2" },
		];
	} finally {
		rmSync(work, { recursive: true });
	}
}

/** Returns a directory with `wasi:http` and the packages it uses below `deps`. */
function httpPackage(work: string): string {
	const directory = join(work, "http");
	for (const name of readdirSync(SHIPPED)) {
		cpSync(join(SHIPPED, name), name === "wasi-http" ? directory : join(directory, "deps", name), { recursive: true });
	}
	return directory;
}

/** Reads a package of that many interfaces. Bytes are those of the model that stays. */
async function readInterfaces(work: string, count: number): Promise<{ readonly ms: number; readonly bytes: number }> {
	const directory = join(work, `many-${count}`);
	mkdirSync(directory);
	writeFileSync(
		join(directory, "many.wit"),
		`package bench:many@0.1.0;\n${Array.from({ length: count }, (_, index) => interfaceText(index)).join("")}`,
	);
	globalThis.gc?.();
	const before = process.memoryUsage().heapUsed;
	const start = performance.now();
	const { model } = await readWit(directory);
	const ms = performance.now() - start;
	globalThis.gc?.();
	const bytes = process.memoryUsage().heapUsed - before;
	if (model?.main.interfaces.length !== count) throw new Error("the reader refuses the package of the benchmark");
	return { ms, bytes };
}

function interfaceText(index: number): string {
	return `
/// Interface ${index}.
interface i${index} {
	${index === 0 ? "" : `use i${index - (index % 50 || 1)}.{item as before};`}
	/// Item.
	record item { id: u32, name: string, tags: list<string>${index === 0 ? "" : ", before: option<before>"} }
	variant outcome { done(item), failed(string), none }
	enum level { low, middle, high }
	resource box { constructor(first: item); get: func() -> result<item, string>; put: func(value: item); }
	find: func(name: string, level: level) -> option<item>;
	all: func() -> list<outcome>;
}
`;
}
