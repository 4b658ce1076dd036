import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RANDOM_INTERFACE } from "./platform.ts";

/** WIT of the interface that the platform draws random numbers from. */
const RANDOM_WIT = `package wasi:random@0.2.12;

interface random {
    get-random-bytes: func(len: u64) -> list<u8>;
}
`;

/** World of a component, as the engines' tools read it. */
export interface WorldTarget {
	readonly witDirectory: string;
	readonly world: string;
}

/**
 * Calls `use` with a folder of WIT and a world. For a guest with random numbers, they are a copy of the folder in which the world also imports
 * them. The copy is removed afterwards.
 */
export async function withWorld<T>(
	{ directory, world, withRandom }: { readonly directory: string; readonly world: string; readonly withRandom: boolean },
	use: (target: WorldTarget) => Promise<T>,
): Promise<T> {
	if (!withRandom) return use({ witDirectory: directory, world });
	const copy = await mkdtemp(join(tmpdir(), "spear-wit-"));
	try {
		await cp(directory, copy, { recursive: true });
		await mkdir(join(copy, "deps", "random"), { recursive: true });
		await writeFile(join(copy, "deps", "random", "random.wit"), RANDOM_WIT);
		const file = join(copy, "worlds.wit");
		const name = `${world}-with-random`;
		await writeFile(file, `${await readFile(file, "utf8")}\nworld ${name} {\n    include ${world};\n    import ${RANDOM_INTERFACE};\n}\n`);
		return await use({ witDirectory: copy, world: name });
	} finally {
		await rm(copy, { recursive: true, force: true });
	}
}
